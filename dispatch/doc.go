// Package dispatch runs the duties that one server does for all servers of an
// installation, and assigns waiting conversations to members.
//
// Every server runs the same Duties. One of them holds the lease and does them; the
// others watch it. A server that ends releases the lease at once. If one dies or
// loses the database, another takes over after the time of the lease. Nothing
// depends on comparing the clocks of two machines: a watcher measures by its own
// clock how long the lease did not move, and the holder stops by its own clock
// before that time is over.
//
// A machine that sleeps may still finish an operation that it began; so a duty
// works through guarded writes, which a second server may make at the same time
// without harm.
package dispatch
