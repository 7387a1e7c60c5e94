// Package access declares the verbs, and decides what a caller may do and see: verdicts
// and refusals, and one visibility, from which single decisions, lists, streams and
// what is shared between streams are derived.
package access
