package resolvers

import (
	"context"
	"strconv"

	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/live/follow"
)

// maxViews bounds how many views are counted at once.
const maxViews = 20

func (r *Resolver) conversations(ctx context.Context, in *model.InboxView, by *model.ConversationOrder, args pageArgs) (*model.ConversationConnection, error) {
	s := scopeOf(ctx)
	view, order, err := r.viewIn(ctx, in, by)
	if err != nil {
		return nil, err
	}
	l := r.listOf(s.access.Principal.Workspace, "conversations", view, order)
	page, err := args.request(l)
	if err != nil {
		return nil, err
	}
	since := r.Hub.Checkpoint(s.access.Principal.Workspace).PositionAfter(follow.Visible(s.access))
	found, err := r.Inbox.Reader.Conversations(ctx, s.access.Principal, view, order, page)
	if err != nil {
		return nil, err
	}
	out := &model.ConversationConnection{View: view, Since: since}
	out.Edges, out.Nodes, out.PageInfo = connect(found,
		func(c inbox.Conversation) string { return l.at(access.SortKey(c, order.Field), string(c.ID)) }, s.conversation,
		func(at string, n *model.Conversation) *model.ConversationEdge {
			return &model.ConversationEdge{Cursor: at, Node: n}
		})
	return out, nil
}

func (r *Resolver) counts(ctx context.Context, views []*model.InboxView) ([]*model.InboxCount, error) {
	wanted, err := r.viewsOf(ctx, views)
	if err != nil {
		return nil, err
	}
	out := make([]*model.InboxCount, 0, len(views))
	for i, view := range wanted {
		n, err := r.Inbox.Reader.Count(ctx, scopeOf(ctx).access.Principal, view)
		if err != nil {
			return nil, err
		}
		out = append(out, &model.InboxCount{View: i, Count: n})
	}
	return out, nil
}

func (r *Resolver) viewsOf(ctx context.Context, in []*model.InboxView) ([]access.View, error) {
	if len(in) > maxViews {
		return nil, inbox.Invalid("views", "views has %d entries; at most %d are allowed.", len(in), maxViews)
	}
	views := make([]access.View, 0, len(in))
	for _, v := range in {
		view, _, err := r.viewIn(ctx, v, nil)
		if err != nil {
			return nil, err
		}
		views = append(views, view)
	}
	return views, nil
}

// queuePosition is null for a conversation that does not wait, or that the caller
// no longer sees.
func (r *Resolver) queuePosition(ctx context.Context, id inbox.ConversationID) (*int, error) {
	s := scopeOf(ctx)
	c, err := s.loaders.conversation.Load(ctx, id)
	if err != nil || c.ID == "" || !s.access.Shows(c) {
		return nil, err
	}
	position, ok, err := r.Inbox.Reader.QueuePosition(ctx, c)
	if !ok || err != nil {
		return nil, err
	}
	return &position, nil
}

func (r *Resolver) messages(ctx context.Context, id inbox.ConversationID, args pageArgs) (*model.MessageConnection, error) {
	s := scopeOf(ctx)
	l := r.listOf(s.access.Principal.Workspace, "messages", id)
	page, err := args.request(l)
	if err != nil {
		return nil, err
	}
	found, c, err := r.Inbox.Reader.Messages(ctx, s.access.Principal, id, page)
	if err != nil {
		return nil, err
	}
	out := &model.MessageConnection{Written: writtenIn(s, c)}
	out.Edges, out.Nodes, out.PageInfo = connect(found,
		func(m inbox.Message) string { return l.placed(m.PageCursor()) },
		func(m inbox.Message) *model.Message { return s.message(m, s.disclose(c)) },
		func(at string, n *model.Message) *model.MessageEdge { return &model.MessageEdge{Cursor: at, Node: n} })
	return out, nil
}

func (r *Resolver) history(ctx context.Context, obj *model.Conversation, args pageArgs) (*model.AssignmentEventConnection, error) {
	s := scopeOf(ctx)
	id := obj.Source.ID
	l := r.listOf(s.access.Principal.Workspace, "history", id)
	limit, _, err := args.limit()
	if err != nil {
		return nil, err
	}
	before, err := l.version(args.after)
	if err != nil {
		return nil, err
	}
	found, c, err := r.Inbox.Reader.History(ctx, s.access.Principal, id, limit, before)
	if err != nil {
		return nil, err
	}
	about := s.nested(obj, c)
	out := &model.AssignmentEventConnection{}
	out.Edges, out.Nodes, out.PageInfo = connect(found,
		func(e inbox.Event) string { return l.cursor(strconv.Itoa(e.Version), string(e.ID)) },
		func(e inbox.Event) *model.AssignmentEvent { return s.event(e, about) },
		func(at string, n *model.AssignmentEvent) *model.AssignmentEventHistoryEdge {
			return &model.AssignmentEventHistoryEdge{Cursor: at, Node: n}
		})
	return out, nil
}

// version reads the cursor of a history; 0 for none.
func (l list) version(after *string) (int, error) {
	if after == nil {
		return 0, nil
	}
	c, err := l.parse("after", *after)
	if err != nil {
		return 0, err
	}
	version, err := strconv.Atoi(c.Key)
	if err != nil || version < 1 {
		return 0, badCursor("after is not a cursor. Pass a cursor exactly as the API gave it.")
	}
	return version, nil
}
