// Package admission bounds how many verbs are at work on one document of a server, so
// that more load makes its callers wait, in a fair order, and not the database.
package admission
