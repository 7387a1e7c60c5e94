package exec

import "context"

type keepKey struct{}

// WithKeep returns a context for Run in which Keep calls keep.
func WithKeep(ctx context.Context, keep func(bytes int) error) context.Context {
	return context.WithValue(ctx, keepKey{}, keep)
}

// Keep counts so many bytes, in place of those before, that the subscription whose
// resolver was given ctx keeps beside what every one does. An error says that the caller
// has no room for them: end the subscription with it. Where nobody counts it is nil.
func Keep(ctx context.Context, bytes int) error {
	if keep, ok := ctx.Value(keepKey{}).(func(bytes int) error); ok {
		return keep(bytes)
	}
	return nil
}
