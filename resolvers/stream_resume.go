package resolvers

import (
	"context"
	"errors"

	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/access"
	feedroom "switchboard/inbox/feed"
	"switchboard/inbox/workspace"
	"switchboard/live"
)

// subscribe opens the source, behind the cursor that the client came back with.
func (st *stream[T]) subscribe(ctx context.Context, after *string, keys []access.Facet) (err error) {
	if after == nil {
		st.source, err = st.r.Hub.Subscribe(ctx, st.principal.Workspace, keys...)
		return err
	}
	expired := false
	if st.seen, expired, err = st.cursors.open("after", *after); err != nil {
		return err
	}
	if expired {
		if st.source, err = st.r.Hub.Subscribe(ctx, st.principal.Workspace, keys...); err == nil {
			st.gap(live.GapCursorExpired)
		}
		return err
	}
	var lost live.GapReason
	feed := live.Feed{Hub: st.r.Hub, CatchUp: st.r.CatchUp}
	st.source, st.missed, lost, err = feed.Since(ctx, st.caller(), st.seen.Key, keys...)
	switch {
	case errors.Is(err, feedroom.ErrBadPosition):
		return badCursor("after is not a cursor. Pass a cursor exactly as the API gave it.")
	case errors.Is(err, live.ErrBehind):
		return resumableEnd{err}
	case err == nil && lost != "":
		st.gap(lost)
	}
	return err
}

// gap begins with a gap, up to where the subscription begins, instead of the missed
// items. Without a reason it begins the state that the client does not have yet.
func (st *stream[T]) gap(reason live.GapReason) {
	st.missed = []*live.Item{{Position: st.beginning(), Gap: true, Reason: reason}}
}

// gapped is the reason of a gap that is delivered: the item carries it, and it is
// counted and logged. Null for none.
func (st *stream[T]) gapped(reason live.GapReason) *model.GapReason {
	if reason == "" {
		return nil
	}
	st.r.Gaps.Add(reason)
	st.r.Log.Debug("a subscriber has to fetch again", "workspace", st.principal.Workspace, "subscription", st.name, "reason", reason)
	shown := model.GapReason(reason)
	return &shown
}

// caller is who has to wait for a turn to be told what was missed.
func (st *stream[T]) caller() live.Caller {
	who := st.principal
	if st.mode != nil && st.mode.asked != nil {
		who = *st.mode.asked
	}
	return live.Caller{
		Workspace: who.Workspace, Name: string(who.Actor.Kind) + " " + who.Actor.ID, Visitor: who.Actor.Kind == workspace.ActorContact,
	}
}

// nextMissed gives what came while the client was away; nil when all of it was
// told.
func (st *stream[T]) nextMissed() (*live.Item, bool) {
	if len(st.missed) == 0 {
		st.current = nil
		return nil, false
	}
	if st.current == nil {
		st.current = newestOf(st.missed)
	}
	item := st.missed[0]
	st.missed = st.missed[1:]
	return item, true
}

func newestOf(items []*live.Item) map[inbox.ConversationID]inbox.Conversation {
	out := map[inbox.ConversationID]inbox.Conversation{}
	for _, item := range items {
		e := item.Event
		if e.After == nil {
			continue
		}
		known, ok := out[e.Conversation]
		if !ok {
			known = *e.After
		}
		out[e.Conversation] = known.Advanced(e)
	}
	return out
}

// present is the conversation of e as it is now, as far as this server was told:
// as the last of the missed events left it, or as e did.
func (st *stream[T]) present(e inbox.Event) inbox.Conversation {
	if c, ok := st.current[e.Conversation]; ok {
		return c
	}
	return *e.After
}

// shown is the conversation of e as the caller may be shown it.
func (st *stream[T]) shown(s *scope, e inbox.Event) disclosed {
	if now := s.disclose(st.present(e)); now.open {
		return now
	}
	return glimpsed(*e.After)
}
