// Package metrics counts the server's operations and serves the counters and the
// server's readiness to operators.
//
// No label comes from a client. A code that other packages report is used as a
// label only if it has the form of this program's codes, and only up to a number of
// different ones.
package metrics
