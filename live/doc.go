// Package live keeps in the process what every request asks for, as fresh as the feed of
// committed events: Directories, the directory of each workspace; LoadCache, the
// workload of members; TokenIssues, which contact tokens are valid. Each is a
// feed.Follower: the Pump calls it with every event before subscribers receive the
// event, so that whoever receives it is judged by the rights that the event made.
//
// While the feed is lost, directories are a second old at most, and nothing else is
// remembered.
//
// Presence is beside them: it knows which members are connected to this server, and
// writes it where all servers see it.
//
// Two packages stand below. live/feed reads the feed once a process and hands it to
// everybody here who listens; live/follow has the subscriptions.
package live
