// Package metrics counts what the server does, and shows it and whether the
// server is fit for work to those who run it.
//
// No label comes from a client. What others give as a code is kept only when it
// looks like one of this program's own words, and only so many of them.
package metrics
