// Package guard decides what is let in: who a caller is, whether its connection may
// open, what it may hold there, and which operations are executed.
//
// A [Gate] is what all connections of a server share. It identifies a caller by its
// bearer token ([Authenticator] turns that into an [Identity]), counts connections by
// address and by identity, and makes a [Conn] for each that it admits: the guard of
// that connection, with its limits, the memory that its subscriptions take, and how
// often in a row it was refused.
//
// A [Guard] is an extension of the executor. It refuses hostile documents before they
// are validated (see [Limits]), charges callers for what they ask (see [Quota]), and
// bounds how many operations run and for how long.
//
// The package knows no protocol: it returns errors, a [Refusal] or a [Rejection], and
// package transport gives them the status or the close code of its protocol. It does
// not import the connection, the fan-out or the transports.
//
// # Cost
//
// An operation costs one, and one for each object that its fields can give.
// What is in a list counts as often as first or last say, or as long as a list is
// that is given as an argument; 20 times in a connection that is not told how
// many, 10 times in any other list. A mutation costs 10 more, reading the schema
// 100. [Options].FieldCosts adds to single fields. [Limits].Cost is the most that
// one operation may cost, and [Quota] what a principal may use in a time.
package guard
