package exec

import "context"

// Source yields the items of a subscription that there are now. It calls next when the
// channel that the resolver returned holds an item: next sends the response with it, and
// returns when that is done. With is applied to the context in which the item is resolved.
// At its end, which is at the latest when ctx ends or next has returned false, a source
// returns nil; else how to wait until it is to be called again: see Execution.Await.
type Source = func(
	ctx context.Context, next func(with func(context.Context) context.Context) bool,
) (await func(wake func()) bool)

// RunSource has the subscription whose resolver was given ctx yield its items from
// source, which runs where the subscription is executed. So a subscription that has
// something to do has one goroutine; a second one that filled the channel would double
// what each subscriber costs. One that waits has none. Call it from the resolver. It is
// false, and source is not run, where Run does not execute the operation.
func RunSource(ctx context.Context, source Source) bool {
	f, ok := ctx.Value(runningKey{}).(*running)
	if ok {
		f.source = source
	}
	return ok
}
