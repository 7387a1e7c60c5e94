// Package cluster is what the servers of one installation share: leases, the keys that
// seal cursors, and who is connected where.
package cluster
