// Package feed is the port to the committed events of all workspaces, in commit order.
package feed
