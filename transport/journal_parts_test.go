package transport_test

import (
	"context"
	"errors"
	"strconv"

	"github.com/99designs/gqlgen/graphql"

	"switchboard/transport/exec"
)

// journalTold is a number as some listeners are told it.
type journalTold struct {
	number int
	to     []int
}

type journalToldKey struct{}

// respond sends the response with an item.
type respond = func(with func(context.Context) context.Context) bool

// inParts tells each number twice, to every other listener. Of those who are told together
// it leaves the first out, at every third number that is not replayed.
func (j *journal) inParts(
	ctx context.Context, part journalPart, next, begin int, event func(any) *graphql.Response,
) graphql.ResponseHandler {
	exec.RunSource(ctx, func(ctx context.Context, respond respond) (await func(wake func()) bool) {
		for (!part.replay || next < begin) && j.wait(ctx, next) {
			next++
			if !j.tellInParts(part, next, respond) {
				break
			}
		}
		return nil
	})
	return func(ctx context.Context) *graphql.Response {
		one, _ := ctx.Value(journalToldKey{}).(journalTold)
		graphql.RegisterExtension(ctx, "number", one.number)
		graphql.RegisterExtension(ctx, "to", one.to)
		return event(one.number)
	}
}

var errNobody = errors.New("nobody listens")

func (j *journal) tellInParts(part journalPart, number int, respond respond) bool {
	if !part.replay {
		j.hold.Lock()
		defer j.hold.Unlock()
	}
	return part.among(strconv.Itoa(number), func(listeners []context.Context) error {
		to := [2][]int{}
		for at := range listeners {
			if at > 0 || part.replay || number%3 > 0 {
				to[at%2] = append(to[at%2], at)
			}
		}
		for _, some := range to {
			one := journalTold{number, some}
			within := func(ctx context.Context) context.Context { return context.WithValue(ctx, journalToldKey{}, one) }
			if some != nil && !respond(within) {
				return errNobody
			}
		}
		return nil
	}) == nil
}
