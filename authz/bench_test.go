package authz_test

import (
	"testing"

	"switchboard/authz"
)

// BenchmarkLoad is how long a reload takes, off the path of any decision.
func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := authz.Preset("default"); err != nil {
			b.Fatal(err)
		}
	}
}
