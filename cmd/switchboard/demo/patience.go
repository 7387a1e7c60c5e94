package demo

import (
	"context"
	"time"

	"switchboard/inbox"
)

const (
	// patience is how long a passing fault is waited for: longer than the minute
	// for which MongoDB holds the unfinished transaction of a killed process.
	patience = 90 * time.Second
	// breath is the pause between two attempts.
	breath = 50 * time.Millisecond
)

// patiently does do again for as long as it says UNAVAILABLE, until patience or
// ctx ends.
func patiently(ctx context.Context, do func() error) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		err := do()
		if inbox.CodeOf(err) != inbox.Unavailable {
			return err
		}
		select {
		case <-time.After(breath):
		case <-ctx.Done():
			return err
		}
	}
}
