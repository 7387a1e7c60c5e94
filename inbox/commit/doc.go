// Package commit is what use cases write in one transaction, and what they share
// around writing it: the clock, ids, idempotency keys, and observers.
package commit
