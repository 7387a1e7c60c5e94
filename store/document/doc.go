// Package document has the documents in which stores keep the domain, and the rules by
// which they find them again: the words of a text, and the facets of a conversation.
// Each store writes the same documents, so that data can move from one to another.
//
// A type here is the stored form of the domain's type of the same name. OfX returns
// the document of an X, and a method returns the X of a document. Fields that an
// earlier version did not store read as what they meant then. Position returns where
// a document stands in a sorted list.
package document
