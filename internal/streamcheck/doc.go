// Package streamcheck proves from a subscriber's record that it received everything
// it may see, once, in order, and nothing else; or that it received a gap where
// something is missing. It derives from the events of a workspace what the
// subscriber may see, so that any run can be judged after the fact.
package streamcheck
