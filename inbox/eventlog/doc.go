// Package eventlog is the log of a workspace: everything that happened in it, numbered
// from 1 without a gap in the order of the commits.
//
// The numbers are given behind the commits, by the one server that holds the lease of the
// duties: see Numberer. It reads the feed, which is in commit order, so that no verb writes
// anything for the log. A record that was just committed has no number yet; it gets one
// within some milliseconds, or, after that server died, as soon as another holds the lease.
//
// Whoever follows the log reads it from a sequence with Reader, and waits with Signals
// when there is no more. That needs no memory, has no limit and no gap: the log reaches
// back to the first record that retention has left.
package eventlog
