// Package store keeps conversations, their events and the directory in MongoDB,
// or in an engine inside the process that understands the same calls.
//
// Open connects to a deployment by its URI; package embedded opens the engine
// inside the process. Both give a Store, which is one implementation written to
// what the two engines share: no aggregation, no regular expressions, no
// change-stream pipeline.
//
// # What a commit costs
//
// A commit is one transaction of four round trips: the conversation, the loads,
// the event, the commit. The guard is part of the first, so that who lost a race
// learns it there. Messages are written with their event in one command, for
// which they are documents of the same collection.
//
// # The feed
//
// Documents of the collection events are inserted and never changed. A change
// stream over that collection alone is the feed. Feed positions are its resume
// tokens.
package store
