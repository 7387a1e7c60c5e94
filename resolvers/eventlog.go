package resolvers

import (
	"cmp"
	"context"

	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/eventlog"
	"switchboard/inbox/workspace"
	"switchboard/live/follow"
)

// eventLogs answers what a caller asks of the log.
type eventLogs struct {
	*Resolver
	access access.Access
}

func (r eventLogs) page(
	ctx context.Context, filter *model.EventLogFilter, from *model.LogPlace, args pageArgs,
) (*model.EventLogConnection, error) {
	if err := eventlog.MayRead(r.access); err != nil {
		return nil, err
	}
	wanted, err := logFilterOf(filter)
	if err != nil {
		return nil, err
	}
	limit, backward, err := args.limit()
	if err != nil {
		return nil, err
	}
	at, err := r.place(ctx, from, args, backward)
	if err != nil {
		return nil, err
	}
	found, err := r.Inbox.Log.Page(ctx, r.access, wanted, at, backward, limit)
	if err != nil {
		return nil, err
	}
	return r.connection(scopeOf(ctx), found), nil
}

// place is the sequence behind which a page begins, or with backward before which it
// ends.
func (r eventLogs) place(
	ctx context.Context, from *model.LogPlace, args pageArgs, backward bool,
) (eventlog.Sequence, error) {
	switch {
	case args.after != nil && args.before != nil:
		return 0, inbox.Invalid("before", "Give either after or before, not both.")
	case backward && (from != nil || args.after != nil):
		return 0, inbox.Invalid("last", "last goes with before alone. Give first with from or after.")
	case !backward && args.before != nil:
		return 0, inbox.Invalid("before", "before goes with last. Give last instead of first.")
	case args.before != nil:
		t, err := r.token(ctx, "before", *args.before)
		if err == nil && t.Sequence == 0 {
			err = badCursor("before is not a cursor of the log.")
		}
		return t.Sequence, cmp.Or(err, r.held(ctx, "before", t))
	case backward:
		b, err := r.Inbox.Log.Bounds(ctx, r.access.Principal.Workspace)
		return b.Newest + 1, err
	}
	return r.start(ctx, from, args.after, eventlog.Place{})
}

// start is the sequence behind which a reader begins that gives a place or a cursor;
// otherwise is where one begins that gives neither.
func (r eventLogs) start(
	ctx context.Context, from *model.LogPlace, after *string, otherwise eventlog.Place,
) (eventlog.Sequence, error) {
	switch {
	case from != nil && after != nil:
		return 0, inbox.Invalid("from", "Give either from or after, not both.")
	case after != nil:
		t, err := r.token(ctx, "after", *after)
		if err := cmp.Or(err, r.held(ctx, "after", t)); err != nil {
			return 0, err
		}
		n, err := r.streams.LogAfter(ctx, r.request(ctx, nil), t)
		return n, unopened(ctx, err)
	case from == nil:
		return r.placeAfter(ctx, otherwise)
	}
	p, err := r.placeOf(ctx, "from", *from)
	if err != nil {
		return 0, err
	}
	return r.placeAfter(ctx, p)
}

func (r eventLogs) placeAfter(ctx context.Context, p eventlog.Place) (eventlog.Sequence, error) {
	return r.Inbox.Log.After(ctx, r.access.Principal.Workspace, p, r.LogSignals)
}

// token reads a cursor of the log or of another live stream.
func (r eventLogs) token(ctx context.Context, field, text string) (follow.ResumeToken, error) {
	t, expired, err := liveCursors(r.Seals, r.access.Principal.Workspace).token(field, text)
	if expired {
		err = badCursor("%s is too old. Pass from: with a sequence, a time or an event instead.", field)
	}
	return t, err
}

// held gives INVALID_CURSOR for a cursor behind a record that this log does not have, as
// after a backup was restored. Other live streams look after their cursors themselves.
func (r eventLogs) held(ctx context.Context, field string, t follow.ResumeToken) error {
	if t.Sequence == 0 {
		return nil
	}
	held, err := r.Inbox.Log.Holds(ctx, r.access.Principal.Workspace, t.Sequence, t.Position)
	if err != nil || held {
		return err
	}
	return badCursor("%s is of records that the log does not have any more, as a backup of it was restored. "+
		"Read it again with from: and a time before that.", field)
}

// placeOf reads a place; field is the argument that holds it.
func (r eventLogs) placeOf(ctx context.Context, field string, in model.LogPlace) (p eventlog.Place, err error) {
	p.Argument = field
	switch {
	case in.Sequence != nil:
		p.Sequence = in.Sequence
		return p, nil
	case in.At != nil:
		p.At = *in.At
		return p, nil
	case in.Now != nil && !*in.Now:
		return p, inbox.Invalid(field+".now", "now can only be true. Name a place by sequence, at or eventId instead.")
	case in.Now != nil:
		p.Now = true
		return p, nil
	}
	if p.Event, err = idOf[inbox.EventID](field+".eventId", typeEvent, value(in.EventID)); err != nil {
		return p, err
	}
	if _, _, err = r.Inbox.Reader.Event(ctx, r.access.Principal, p.Event); inbox.CodeOf(err) == inbox.PermissionDenied {
		err = r.shown(ctx, p.Event)
	}
	return p, missingAt(field+".eventId", err)
}

// shown gives NOT_FOUND unless the log shows the caller the event although it may not see
// the conversation: the end of one that a key feeds, and what took one out of sight.
func (r eventLogs) shown(ctx context.Context, id inbox.EventID) error {
	known, err := r.Inbox.Log.Sequences(ctx, r.access.Principal.Workspace, []string{string(id)})
	if err != nil || known[string(id)] == 0 {
		return cmp.Or(err, error(inbox.Missing("event")))
	}
	item, shown, err := r.Inbox.Log.At(ctx, r.access, known[string(id)])
	if err != nil || shown && item.Kind == eventlog.Ownership {
		return err
	}
	return inbox.Missing("event")
}

func logFilterOf(in *model.EventLogFilter) (f eventlog.Filter, err error) {
	if in == nil {
		return f, nil
	}
	f.Kinds, f.Internal = in.Records, value(in.IncludeInternal)
	if in.Ownership == nil {
		return f, nil
	}
	ownership, err := filterOf(in.Ownership)
	f.Ownership = ownership.Wants
	return f, err
}

func (r eventLogs) connection(s *scope, page eventlog.Page) *model.EventLogConnection {
	cursors := liveCursors(r.Seals, s.access.Principal.Workspace)
	out := &model.EventLogConnection{
		Edges: []*model.LoggedEventEdge{}, Nodes: []*model.LoggedEvent{}, Oldest: page.Bounds.Oldest, Newest: page.Bounds.Newest,
		PageInfo: &model.PageInfo{HasNextPage: page.HasNext, HasPreviousPage: page.HasPrev},
	}
	for _, item := range page.Items {
		n := logged(s, item, cursors.live(tokenBehind(item.Entry)))
		out.Nodes, out.Edges = append(out.Nodes, n), append(out.Edges, &model.LoggedEventEdge{Cursor: n.Cursor, Node: n})
	}
	if page.Last.Sequence != 0 {
		first, last := cursors.live(tokenBehind(page.First)), cursors.live(tokenBehind(page.Last))
		out.PageInfo.StartCursor, out.PageInfo.EndCursor = &first, &last
	}
	return out
}

func tokenBehind(n eventlog.Entry) follow.ResumeToken {
	return follow.ResumeToken{Position: n.Position, Rights: follow.AnyRights, Sequence: n.Sequence}
}

// logged shows a record of the log.
func logged(s *scope, item eventlog.Item, cursor string) *model.LoggedEvent {
	out := &model.LoggedEvent{Cursor: cursor, Sequence: item.Sequence, Removed: item.Gone}
	if item.Gone {
		return out
	}
	e := item.Content
	id := CloudEvents().ID(item.Kind, item.ID)
	out.Record, out.RecordID, out.At = &item.Kind, &id, &e.At
	if item.Kind == eventlog.Availability {
		out.MemberState = memberState(s, *e.Directory.Member)
		return out
	}
	d := changed(s, e, item.Now)
	if item.Sight == eventlog.Leaving && !d.open {
		d = closed(*e.After)
	}
	out.Conversation = s.conversationIn(d)
	switch item.Kind {
	case eventlog.Ownership:
		out.Event = s.event(e, d)
	case eventlog.Message:
		out.At = &item.Message.At
		out.Message = s.message(*item.Message, d)
	case eventlog.Availability, eventlog.Contact:
	}
	return out
}

func memberState(s *scope, m workspace.Member) *model.MemberState {
	now := s.member(m.ID)
	if now == nil {
		now = memberOf(m)
	}
	return &model.MemberState{
		Member: now, From: cmp.Or(m.Turned.From, workspace.Offline), Availability: memberOf(m).Availability,
		Reason:     m.Turned.Why,
		ReasonCode: reasonCode(s.access.Directory, m.AwayReason()), Since: m.Turned.At, By: s.actor(m.Turned.By, disclosed{}),
	}
}
