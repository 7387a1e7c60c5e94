package exec

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
)

// Source yields the items of a subscription until ctx ends or next returns false. It
// calls next when the channel that the resolver returned holds an item: next sends the
// response with it, and returns when that is done. With is applied to the context in
// which the item is resolved.
type Source = func(ctx context.Context, next func(with func(context.Context) context.Context) bool)

// RunSource has the subscription whose resolver was given ctx yield its items from
// source, which runs where the subscription is executed. So a subscription has one
// goroutine, which holds no response while it waits; a second one that filled the
// channel would double what each subscriber costs. Call it from the resolver. It is
// false, and source is not run, where Run does not execute the operation.
func RunSource(ctx context.Context, source Source) bool {
	f, ok := ctx.Value(runningKey{}).(*running)
	if ok {
		f.source = source
	}
	return ok
}

// follow runs the source, and sends a response for each of its items.
func (f *running) follow(ctx context.Context, responses graphql.ResponseHandler, each func(resp *graphql.Response) bool) (end Outcome) {
	f.source(ctx, func(with func(context.Context) context.Context) (more bool) {
		resp := responses(with(ctx))
		if resp == nil { // an interceptor kept it back
			return ctx.Err() == nil
		}
		end, more = respond(resp, each)
		return more
	})
	return end
}
