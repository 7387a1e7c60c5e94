package resolvers

import (
	"context"

	"switchboard/inbox"
)

// part is what an execution is of a subscription that many listen to: the whole
// group's, the replay of what some of them missed, or the rest for one of them.
type part struct {
	// viewpoint is what the listeners have in common; nil for one of them.
	viewpoint *inbox.Viewpoint
	// from replaces the argument after; "" is none.
	from string
	// asked is who waits for the replay; nil for nobody in particular.
	asked *inbox.Principal
	// replay ends where live events begin.
	replay bool
	// told is called with the place of the beginning, and of each item before it is
	// handed on: its cursor, and its number among all that this server told.
	told func(cursor string, number uint64)
}

type partKey struct{}

func withPart(ctx context.Context, p *part) context.Context {
	return context.WithValue(ctx, partKey{}, p)
}

// partOf is nil for an execution that serves its caller alone. All methods of a
// nil part leave everything as it is.
func partOf(ctx context.Context) *part {
	p, _ := ctx.Value(partKey{}).(*part)
	return p
}

func (p *part) after(given *string) *string {
	switch {
	case p == nil:
		return given
	case p.from == "":
		return nil
	}
	return &p.from
}

func (p *part) ends() bool { return p != nil && p.replay }

func (p *part) tells(cursor string, number uint64) {
	if p != nil && p.told != nil {
		p.told(cursor, number)
	}
}
