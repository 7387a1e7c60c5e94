// Package feed takes the one feed of committed events into the process and hands it
// to everybody here who listens. The port that it reads is inbox/feed.
//
// Three things stand behind each other, and each knows only the next.
//
// The Pump is the broker. It alone watches inbox.Feed, once a process. It
// opens a broken feed again where it stopped, and says so when that place is
// gone. What it reads it gives first to the Followers, then to the Hub: whoever
// receives an event can already judge it by the rights that the event made.
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
// A subscriber that comes back names the position that it saw last, and Source.Since
// answers: from a ring of the newest items that the hub keeps, under the lock that
// Publish holds, else from the database's log (CatchUp). Every event is either among
// the missed items or delivered by the subscription. Where neither reaches back, the
// answer is a GapReason.
//
// # Where the rest goes
//
// The streams of live/follow are readers of a Subscription that start from a snapshot.
// A group that encodes once is one of them; an *Item is the same pointer for every
// subscriber, so it can key what was made of it.
package feed
