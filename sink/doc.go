// Package sink writes the logs of all workspaces to a broker, each in its order, as
// CloudEvents. The broker knows where it stands: nothing of it is stored beside the log.
package sink
