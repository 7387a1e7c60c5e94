// Package hostile plays two crowds against a server of the demo: honest people who
// chat and answer at the speed of people, and visitors who send every request that
// their tokens allow, as fast as they can. It uses only the public API, and counts
// the outcome of every request. The benchmark and a test of the program use it.
package hostile
