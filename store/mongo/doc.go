// Package mongo keeps conversations, their events and the directory in MongoDB. Open
// connects to a deployment by its URI and returns a Store. The documents are those of
// package document. The driver's package of the same name is imported as driver.
//
// The store sends plain commands only: no aggregation but the feed's, and no regular
// expressions.
//
// # The cost of a commit
//
// A commit is one transaction of four round trips: the conversation, the loads, the
// event, the commit. The guard is part of the first, so that a commit that lost a
// race fails there. Messages and their event are documents of the same collection,
// so that one command writes them all.
//
// # The feed
//
// Documents of the collection events are inserted and never changed. A change
// stream over that collection alone is the feed. Feed positions are its resume
// tokens.
package mongo
