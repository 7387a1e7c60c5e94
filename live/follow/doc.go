// Package follow has the subscriptions as state machines: what each one reads when it
// begins, which items it delivers for an event, when it asks its subscriber to fetch
// again, and when it ends. It knows nothing of GraphQL: a Request comes in, and
// deliveries of domain types go out.
//
// A Stream is the part that all of them have in common. It subscribes before anything
// is read, delivers first what a subscriber missed and then what the hub publishes,
// asks for the rights again with every item, and waits while the database is away.
// Each delivery carries the position behind it, so that nothing has to remember where
// a subscriber is.
//
// Every event reaches a machine once, and in the order of commits: the missed items end
// where the subscription begins. A machine that began by reading a newer state compares
// versions, so that an event which that state shows already changes nothing.
package follow
