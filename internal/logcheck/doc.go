// Package logcheck proves from what receivers recorded that each of them got the log of a
// workspace as it is: numbered in the order of the commits, nothing left out, nothing that
// it may not see, in the order that was promised. It derives the log from the events of the
// feed and knows nothing of how it was numbered or sent, so that it can judge subscribers,
// webhook endpoints, brokers and the stored log itself after any run.
package logcheck
