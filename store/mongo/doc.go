// Package store keeps conversations, their events and the directory in MongoDB, or
// in an engine inside the process that understands the same calls. Open connects to
// a deployment by its URI; package embedded opens the engine inside the process.
// Both return a Store. It is one implementation, limited to the commands that both
// engines support: no aggregation and no regular expressions. Only the feed has a
// stage that a server runs and the engine inside the process does not.
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
