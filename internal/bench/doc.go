// Package bench measures the figures in docs/performance.md. Its benchmarks print
// ratios of things measured in turn, since times alone mean little on a machine
// that does other work too. Run them with `make bench`.
package bench
