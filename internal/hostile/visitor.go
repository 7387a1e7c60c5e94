package hostile

import (
	"context"
	"fmt"
	"strings"
	"sync"
)

// Visitors are hostile: each has the tokens of two chats, one of them closed, and
// does everything at once that they allow.
type Visitors struct {
	API *API
	// Number is how many there are; Starter begins their chats, and Closer closes
	// the second of each.
	Number  int
	Starter Starter
	Closer  string
	Counts  Counts
}

// visitor is one of them.
type visitor struct {
	*Visitors
	open, closed chat
	old          string // a genuine cursor from before

	resuming, subscribing [][]byte // frames
}

// Ready makes the chats.
func (v *Visitors) Ready(ctx context.Context) ([]func(context.Context), error) {
	var all []func(context.Context)
	for range v.Number {
		one := &visitor{Visitors: v}
		var err error
		if one.open, err = v.API.start(ctx, v.Starter); err != nil {
			return nil, err
		}
		if one.closed, err = v.API.start(ctx, v.Starter); err != nil {
			return nil, err
		}
		a, err := v.API.ask(ctx, v.Closer, closeIt, Object{"input": Object{"conversationId": one.closed.id, "status": "CLOSED"}})
		if err != nil || a.code() != "OK" {
			return nil, fmt.Errorf("close a chat: %s %w", a.code(), err)
		}
		place, err := v.API.ask(ctx, one.open.token, `{ liveCursor }`, nil)
		if err != nil {
			return nil, err
		}
		one.old = place.get("liveCursor")
		one.prepare()
		all = append(all, one.run)
	}
	return all, nil
}

// Attacks are the names under which outcomes are counted.
func Attacks() []string {
	return []string{"resumes", "subscriptions", "slow", "messages", "anew", "reconnects", "wide"}
}

// run does all of it until ctx ends.
func (v *visitor) run(ctx context.Context) {
	var all sync.WaitGroup
	defer all.Wait()
	for name, attack := range map[string]func(context.Context){
		"resumes": v.resumes, "subscriptions": v.subscriptions, "slow": v.slow, "reconnects": v.reconnects,
		"messages": v.asking("messages", v.open, sendText, Object{"input": Object{"conversationId": v.open.id, "body": strings.Repeat("x", 10_000)}}),
		"anew":     v.asking("anew", v.closed, startNew, Object{"input": Object{"conversationId": v.closed.id, "body": "Me again"}}),
		"wide":     v.asking("wide", v.open, wide(), Object{"id": v.open.id}),
	} {
		hands := 1
		if name == "messages" || name == "wide" {
			hands = 4
		}
		for range hands {
			all.Go(func() {
				for ctx.Err() == nil {
					attack(ctx)
				}
			})
		}
	}
}

// wideLists is how many lists of a hundred messages a contact may ask for at once.
const wideLists = 4

// wide asks for as much as the bounds let a query of a contact ask for.
func wide() string {
	var b strings.Builder
	b.WriteString("query($id: ID!) {")
	for i := range wideLists {
		fmt.Fprintf(&b, " c%d: conversation(id: $id) { messages(last: 100) { nodes { id body at author { __typename } } } }", i)
	}
	return b.String() + " }"
}

// asking sends one request over HTTP and counts its outcome.
func (v *visitor) asking(what string, c chat, query string, variables Object) func(context.Context) {
	return func(ctx context.Context) {
		a, err := v.API.ask(ctx, c.token, query, variables)
		switch {
		case ctx.Err() != nil:
		case err != nil:
			v.Counts.add(what, "fault")
		default:
			v.Counts.add(what, a.code())
		}
	}
}
