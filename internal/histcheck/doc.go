// Package histcheck proves from its events that a workspace was never wrong:
// nothing lost, nothing twice, one owner at a time, no cap exceeded, nobody left
// waiting. It judges a history after the fact and knows nothing of how it came
// to be, so that it can check any run: of tests, of faults, of an installation.
package histcheck
