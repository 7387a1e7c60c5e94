// Package bench measures what docs/performance.md says. Its benchmarks print
// ratios of things measured in turn, since times alone say little on a machine
// that does other work too. Run them with `make bench`.
package bench
