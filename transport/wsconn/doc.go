// Package wsconn is one WebSocket connection after its upgrade: it reads messages,
// writes frames, and closes.
//
// It exists because a server holds tens of thousands of connections of which most
// are idle. An idle connection holds neither a read buffer nor a write buffer nor a
// writing goroutine: it waits for input without a buffer (AwaitReadable), writes with
// one system call that does not wait, and queues only the bytes that the network
// does not accept. Decision 0042 has the measurements.
//
// The package knows no protocol above WebSocket messages, and nothing of GraphQL.
package wsconn
