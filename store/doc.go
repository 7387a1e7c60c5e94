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
// A commit is one transaction of three round trips: one update command, one
// insert command, one commit. A command reaches one collection only, so what is
// written together is kept together: the load counters of members are documents
// of the collection conversations, and messages are documents of the collection
// events. The guard of a conversation is the first statement of the first
// command, so that who lost a race learns it there.
//
// # The feed
//
// Documents of the collection events are inserted and never changed. A change
// stream over that collection alone is the feed. Feed positions are its resume
// tokens.
package store
