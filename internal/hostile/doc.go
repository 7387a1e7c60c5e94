// Package hostile plays two crowds against a server of the demo: honest people who
// chat and answer at the speed of people, and visitors who ask for all that their
// tokens may get, as fast as they can. It speaks nothing but the public API, and
// counts what became of everything. The benchmark and a test of the program use it.
package hostile
