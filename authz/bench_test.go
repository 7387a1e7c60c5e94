package authz_test

import (
	"fmt"
	"testing"

	"switchboard/authz"
	"switchboard/authz/authzbench"
)

func BenchmarkDecision(b *testing.B) {
	for _, workspaces := range []int{1, 10_000} {
		b.Run(fmt.Sprintf("workspaces=%d", workspaces), func(b *testing.B) {
			authzbench.Run(b, authzbench.Callers(workspaces, false))
		})
		b.Run(fmt.Sprintf("workspaces=%d/custom", workspaces), func(b *testing.B) {
			authzbench.Run(b, authzbench.Callers(workspaces, true))
		})
	}
}

// BenchmarkLoad is how long a reload takes, off the path of any decision.
func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := authz.Preset("default"); err != nil {
			b.Fatal(err)
		}
	}
}
