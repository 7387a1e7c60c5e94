// Package sqlite keeps everything in one SQLite file, inside the process: the engine
// for one server. It answers exactly as store/mongo does; the shared suite of
// store/storetest compares both with the domain's own rules.
//
// Commits go through one connection, one after another; reads have connections of
// their own and see the last commit (WAL). Stored documents are those of
// store/document, in BSON, so that data moves between the engines as it is. Columns
// beside a document hold only what its lists and guards ask for.
package sqlite
