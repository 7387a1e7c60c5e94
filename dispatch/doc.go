// Package dispatch does what must be done once for all servers of an
// installation, on whichever server holds the lease, and hands out what waits.
//
// Every server runs the same Duties. One of them holds the lease and does them;
// the others watch it. A server that ends lets go at once. One that dies, or
// loses the database, is followed after the time of the lease.
//
// Nothing is decided by comparing clocks of two machines: who watches measures
// by its own clock how long the lease did not move, and who holds it stops by
// its own clock before that time is over. A machine that sleeps may still finish
// what it began; so a duty does its work through guarded writes, which a second
// server may make at the same time without harm.
package dispatch
