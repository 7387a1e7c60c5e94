package guard

import "time"

// Class bounds what each caller of one kind may do, and all of one tenant's
// together, so that a kind that is many, or that nobody vouches for, leaves room
// for the others. A zero field is what holds for everybody.
type Class struct {
	// Connections is how many sockets and event streams one may have open.
	Connections int
	// Subscriptions is how many one may have open, over all its connections, and
	// Bytes how much memory they may take with what waits to be sent.
	Subscriptions int
	Bytes         int64
	// SubscriptionsTogether and BytesTogether are for all of the class in a tenant.
	SubscriptionsTogether int
	BytesTogether         int64
	// Operations is how many queries and mutations one may run at once,
	// OperationsTogether how many all of the class in a tenant, and
	// SocketOperations how many operations of any kind may be open on one socket.
	Operations         int
	OperationsTogether int
	SocketOperations   int
	// InTurn lets those that one runs wait for each other, and Share is the part of
	// the time in which they may be under way: 0.1 lets one rest nine times as long as
	// its operation took, once it has used up a small credit.
	InTurn bool
	Share  float64
	// Cost is what one operation may cost; CostPerSecond and CostBurst are as in
	// Quota.
	Cost, CostPerSecond, CostBurst int
	// Hold is how long one waits to be told that it was refused for asking too much.
	Hold time.Duration
	// MessageBytes is the largest message or body of a request.
	MessageBytes int64
}

// Budget bounds subscriptions that are open, of a server and of each tenant. Zero
// is no bound.
type Budget struct {
	Subscriptions         int
	SubscriptionsByTenant int
	// Bytes is how much memory all may take, with what waits to be sent: an
	// estimate, see Options.RootBytes.
	Bytes         int64
	BytesByTenant int64
	// Full, when set, says that the server has no memory left for more. It is
	// asked for each new subscription and must not wait.
	Full func() bool
}
