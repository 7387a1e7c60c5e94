// Package streamcheck proves from what a subscriber wrote down that it was told
// everything it may see, once, in order, and nothing else; or that it was told
// of a gap where something is missing. What it may see is worked out from the
// events of a workspace, so that any run can be judged after the fact.
package streamcheck
