// Package lincheck judges whether the ownership of each conversation was linearizable:
// whether all that clients were told, over all servers, could have been told by one server
// that did one thing after the other, each between its request and its answer. It judges
// what was recorded after the fact and knows nothing of how it came about.
package lincheck
