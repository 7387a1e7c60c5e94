package demo

import (
	"context"
	"time"

	"switchboard/inbox"
)

const (
	// patience is how long a fault that passes is waited out: longer than MongoDB
	// holds what a process that was killed had begun to write, which is a minute.
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
