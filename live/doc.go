// Package live takes the one feed of committed events into the process and
// hands it to everybody here who listens.
//
// Three things stand behind each other, and each knows only the next.
//
// The Pump is the broker. It alone watches inbox.Feed, once a process. It
// opens a broken feed again where it stopped, and says so when that place is
// gone. What it reads it gives first to Directories, then to the Hub: whoever
// is told of an event can already judge it by the rights that the event made.
//
// The Hub fans out. It files subscriptions by workspace, so an event costs as
// much as its workspace has listeners. It never waits for one: who does not
// keep up is ended with ErrSlow.
//
// A Subscription is what one listener reads: the events of its workspace, in
// feed order, each once, from the moment Subscribe returned. It says nothing
// about rights. Who reads it checks every event against the directory of the
// moment, and gets directory events through the same subscription, so that a
// stream can be ended whose rights are gone.
//
// To miss nothing, subscribe first and read the database then:
// Subscription.Start is the position that such a snapshot is at least as new
// as, and events whose version the snapshot already shows are dropped.
//
// Directories is beside the three: the directory of each workspace in memory,
// as fresh as the feed while the feed runs, and at most a second old while it
// does not.
//
// A subscriber that comes back names the position that it saw last, and Feed.Since
// answers: from a ring of the newest items that the hub keeps, under the lock that
// Publish holds, else from the database's log (CatchUp). Every event is either among
// the missed items or delivered by the subscription. Where neither reaches back, the
// answer is a GapReason.
//
// # Where the rest goes
//
// Views and counts are readers of a Subscription that start
// from a snapshot. Groups that encode once are readers too: one Subscription a
// group, with members of its own; an *Item is the same pointer for every
// subscriber, so it can key what was made of it.
package live
