package follow

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/attention"
	"switchboard/live/feed"
	"switchboard/live/marks"
)

// AttentionScope is the conversations that a subscriber wants: some, or a view.
type AttentionScope struct {
	Conversations []inbox.ConversationID
	// View is nil for the conversations that are named.
	View *access.View
}

// ConversationAttention is who is at a conversation now; nobody for one that the
// subscriber is not shown any more.
type ConversationAttention struct {
	ID inbox.ConversationID
	// Conversation is as it is now; zero if Present is empty.
	Conversation inbox.Conversation
	Present      []attention.Present
}

// AttentionChange is an item of Attention. A Complete one has every conversation where
// somebody is shown, others those that changed.
type AttentionChange struct {
	Complete      bool
	Conversations []ConversationAttention
}

// attending delivers to one caller who is at conversations. The marks of the server say
// where something changed; what the caller is shown is decided by the rights of now, and
// only what differs from what was shown is delivered.
type attending struct {
	*Stream[AttentionChange]
	views
	scope AttentionScope
	seat  *marks.Seat
	// shown is who the subscriber holds; conversations with nobody are not in it.
	shown map[inbox.ConversationID][]attention.Present
	// all says that every conversation has to be looked at, begun that the first item
	// was delivered.
	all, begun bool
}

// Attention follows who looks at conversations and who writes there. A contact can
// follow conversations that are named, and is shown its own alone.
func (f *Streams) Attention(
	ctx context.Context, r Request, of AttentionScope,
) (*Stream[AttentionChange], error) {
	a := &attending{scope: of, shown: map[inbox.ConversationID][]attention.Present{}, all: true}
	if of.View != nil {
		a.views.all = []*access.View{of.View}
	}
	s, err := open[AttentionChange](ctx, f, r, func(now access.Access) ([]access.Facet, error) {
		return a.starFacets(now), a.allowed(now)
	})
	if err != nil {
		return nil, err
	}
	a.Stream, s.emit, s.ends = s, a.emit, a.leave
	s.beginWith("")
	return s, nil
}

// allowed refuses callers who may see nothing, and contacts who ask for a list.
func (a *attending) allowed(now access.Access) error {
	if isContact(now) && a.scope.View == nil {
		return nil
	}
	return now.ViewsAny()
}

func (a *attending) leave() {
	if a.seat != nil {
		a.seat.Leave()
	}
}

func (a *attending) emit(ctx context.Context, item *feed.Item) error {
	if err := a.allowed(a.access); err != nil {
		return err
	}
	e := item.Event
	starred := a.starsChanged(a.access, e) || !a.begun && a.askForStars()
	if starred {
		if err := a.readStars(ctx, a.Streams, a.request.Principal); err != nil {
			return err
		}
	}
	moved := starred || item.Gap || e.Type == inbox.DirectoryEvent
	a.all = a.refresh(a.access, moved) || moved || a.all
	if a.pause == nil {
		a.look()
	}
	return nil
}

// look delivers what differs from what the subscriber holds.
func (a *attending) look() {
	if a.seat == nil {
		a.seat = a.Marks.Join(a.request.Principal.Workspace, a.ask)
	}
	var out []ConversationAttention
	for _, at := range a.seat.Look(a.all, maps.Keys(a.shown)) {
		if now := a.present(at); !slices.Equal(now.Present, a.shown[at.ID]) {
			out = append(out, now)
			a.keep(now)
		}
	}
	a.all = false
	if len(out) > 0 || !a.begun {
		slices.SortFunc(out, func(x, y ConversationAttention) int { return cmp.Compare(x.ID, y.ID) })
		a.push(AttentionChange{!a.begun, out})
		a.begun = true
		a.rest(betweenFigures)
	}
}

func (a *attending) keep(now ConversationAttention) {
	if a.shown[now.ID] = now.Present; len(now.Present) == 0 {
		delete(a.shown, now.ID)
	}
}

// present is who the subscriber is shown at a conversation, by the rights of now.
func (a *attending) present(at marks.Standing) ConversationAttention {
	if !at.Known || !a.wants(at) {
		return ConversationAttention{ID: at.ID}
	}
	shown := attention.Shown(a.access, at.Conversation, at.Marks)
	if len(shown) == 0 {
		return ConversationAttention{ID: at.ID}
	}
	return ConversationAttention{at.ID, at.Conversation, shown}
}

func (a *attending) wants(at marks.Standing) bool {
	if a.scope.View == nil {
		return slices.Contains(a.scope.Conversations, at.ID)
	}
	return a.scope.View.Holds(a.filter, at.Conversation, a.Words)
}
