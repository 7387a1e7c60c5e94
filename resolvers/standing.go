package resolvers

import (
	"context"

	"switchboard/auth"
	"switchboard/graph/model"
	"switchboard/inbox/access"
)

// subjectOf is the conversation whose verdicts an item may show to each in their own words;
// nil for none.
func subjectOf(item any) *model.Conversation {
	switch one := item.(type) {
	case *model.InboxChange:
		return one.Conversation
	case *model.AssignmentEventEdge:
		if one.Node != nil {
			return one.Node.Conversation
		}
	}
	return nil
}

// part are those of the receivers of an item who are the same to its conversation.
type part struct {
	// access is that of one of them, and to are their places among the listeners.
	access access.Access
	to     []int
}

// tell sends an item once for all who receive it, and where it shows verdicts once for each
// standing towards the conversation. B:Z5
func tell(ctx context.Context, about *model.Conversation, shown itemShown, send func(itemShown) error) error {
	among := modeOf(ctx).parts()
	if among == nil || about == nil {
		return send(shown)
	}
	return among(shown.at.cursor, func(listeners []context.Context) error {
		for _, one := range parts(*modeOf(ctx).viewpoint, shown.scope.access, about, listeners) {
			mine := shown
			mine.at.to, mine.scope = one.to, shown.scope.judging(one.access)
			if err := send(mine); err != nil {
				return err
			}
		}
		return nil
	})
}

// parts are the listeners by their standings, by the rights by which the item was made. Who
// does not see by these what the others see is in none.
func parts(
	sight access.VisibilityClass, made access.Access, about *model.Conversation, listeners []context.Context,
) (out []part) {
	places := map[access.Standing]int{}
	for at, listener := range listeners {
		p, _ := auth.FromContext(listener)
		a, err := made.ActingAs(p)
		if err != nil {
			continue
		}
		if sees, ok := a.VisibilityClass(); !ok || sees != sight {
			continue
		}
		standing := access.StandingOf(a, about.Source)
		place, met := places[standing]
		if !met {
			place = len(out)
			places[standing], out = place, append(out, part{access: a})
		}
		out[place].to = append(out[place].to, at)
	}
	return out
}
