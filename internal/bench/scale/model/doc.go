// Package model works out how servers and their database are loaded by people who have a
// board open, from figures that were measured one by one, and others that are assumed. The
// shares of what each resource can do are a sum. Latencies come from a simulation of the
// queues, which gives the same result for the same seed.
//
// It knows nothing of the program. What it leaves out makes it too hopeful: garbage
// collection beside the measured processor time, people who read lists, servers that fail,
// and a load that changes within a second.
package model
