package mongo

import (
	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	"switchboard/store/document"
)

// ofRevision demands a revision.
func ofRevision(rev int) bson.E {
	if rev > document.FirstRev {
		return bson.E{Key: "rev", Value: rev}
	}
	return bson.E{Key: "rev", Value: bson.D{{Key: "$in", Value: bson.A{document.FirstRev, nil}}}}
}

// sameCopyRevision demands the face of a contact's copy, and otherCopyRevision another one. Documents
// may hold none while it is 0.
func sameCopyRevision(face int) bson.E {
	return bson.E{Key: "contactFace", Value: bson.D{{Key: "$in", Value: copyRevisions(face)}}}
}

func otherCopyRevision(face int) bson.E {
	return bson.E{Key: "contactFace", Value: bson.D{{Key: "$nin", Value: copyRevisions(face)}}}
}

func copyRevisions(face int) bson.A {
	if face == 0 {
		return bson.A{0, nil}
	}
	return bson.A{face}
}

// contactFields are the fields of a conversation that follow its contact.
func contactFields(c inbox.Conversation) bson.D {
	return bson.D{
		{Key: "contact", Value: c.Contact}, {Key: "contactName", Value: c.ContactName}, {Key: "contactEmail", Value: c.ContactEmail},
		{Key: "contactPhone", Value: c.ContactPhone}, {Key: "contactFace", Value: c.ContactCopyRevision}, {Key: "words", Value: document.Words(c.SearchText())},
		{Key: "places", Value: document.Derive(c).Places}, // of the conversation as it is in the transaction
	}
}
