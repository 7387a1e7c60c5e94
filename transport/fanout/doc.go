// Package fanout executes one subscription for all clients that may receive the same
// items, and encodes each item once, or once for each part of them where it is not the same
// for all: see Among.
//
// A Group is one execution. Its members are the clients that it serves, and each has
// the same key: whatever the items depend on, by the rights of the moment. A member
// whose key changes leaves and joins the group of its new key, or goes on alone,
// behind the last item that it received.
//
// A client that comes back joins with a cursor. The group replays what came behind
// the cursor in an execution of its own, for all members that wait at the same place;
// until it is done the items of the group wait. Every item that is published live has
// a number, and the replay ends at the number at which it began, so comparing the two
// numbers is all it takes to deliver each item once.
//
// The package knows neither HTTP nor WebSockets (see Client), and nothing of rights
// or cursors beyond what Shared answers.
package fanout
