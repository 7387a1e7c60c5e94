package histcheck

import (
	"context"
	"errors"
	"maps"
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/feed"
	"switchboard/inbox/services"
	"switchboard/inbox/workspace"
)

// Source is where a history is read from.
type Source interface {
	services.Store
	feed.Feed
	feed.WorkspaceFeed
}

// page bounds how many conversations are read at once.
const page = 500

// patience is how often the feed may say too early that there is no more. Over the wire
// each time takes some hundredths of a second, and a stream is mute for a while after a
// server was killed amid a transaction.
const patience = 1000

// Begin returns the position from which Read reads the events: those that are
// committed after Begin returned are behind it.
func Begin(ctx context.Context, s Source) (position string, err error) {
	stream, err := s.Watch(ctx, "")
	if err != nil {
		return "", err
	}
	return stream.Position(), stream.Close(ctx)
}

// Read fills in the events since position, and the state that is stored behind them.
func (h *History) Read(ctx context.Context, s Source, position string) error {
	ws := h.Start.Workspace.ID
	if err := h.readQuiet(ctx, s, position); err != nil {
		return err
	}
	return h.readDigests(ctx, s, ws)
}

// ReadEvents adds the events since position that there are by now. A long run reads now and
// then: a feed reaches back for a time only.
func (h *History) ReadEvents(ctx context.Context, s Source, position string) error {
	stream, err := s.WatchWorkspace(ctx, h.Start.Workspace.ID, position)
	if err != nil {
		return err
	}
	h.Next = position
	return errors.Join(h.readMore(ctx, stream), stream.Close(ctx))
}

// readQuiet reads events and then what is stored, and again where events came meanwhile or
// what is stored is newer: somebody may still write, and a busy server may say too early
// that there is no more. If that does not help, events are missing, and Check says so.
func (h *History) readQuiet(ctx context.Context, s Source, position string) error {
	stream, err := s.WatchWorkspace(ctx, h.Start.Workspace.ID, position)
	if err != nil {
		return err
	}
	err = h.readMore(ctx, stream)
	for range patience {
		known := len(h.Events)
		if err == nil {
			err = h.readStored(ctx, s)
		}
		if err == nil {
			err = h.readMore(ctx, stream)
		}
		if err != nil || len(h.Events) == known && h.complete() {
			break
		}
	}
	if closing := stream.Close(ctx); err == nil {
		err = closing
	}
	return err
}

// readStored reads the conversations and the loads of all who were ever members.
func (h *History) readStored(ctx context.Context, s Source) error {
	ws := h.Start.Workspace.ID
	if err := h.readConversations(ctx, s, ws); err != nil {
		return err
	}
	members := slices.Collect(maps.Keys(h.Start.Members))
	for _, e := range h.Events {
		if e.Directory != nil && e.Directory.Member != nil {
			members = append(members, e.Directory.Member.ID)
		}
	}
	var err error
	h.Loads, err = s.Loads(ctx, ws, members)
	return err
}

// readMore reads up to where the feed says that there is no more.
func (h *History) readMore(ctx context.Context, stream feed.FeedStream) error {
	for {
		item, ok, err := stream.TryNext(ctx)
		if err != nil || !ok {
			return err
		}
		h.Next = item.Position
		if item.Event.Workspace == h.Start.Workspace.ID {
			h.Events = append(h.Events, item.Event)
		}
	}
}

// complete reports whether each stored version of a conversation was read of.
func (h *History) complete() bool {
	read := map[inbox.ConversationID]int{}
	for _, e := range h.Events {
		read[e.Conversation] = max(read[e.Conversation], e.Version)
	}
	return !slices.ContainsFunc(h.Conversations, func(c inbox.Conversation) bool { return read[c.ID] < c.Version })
}

func (h *History) readConversations(ctx context.Context, s Source, ws workspace.WorkspaceID) error {
	q := access.ConversationQuery{
		Workspace: ws, Order: access.Order{Field: access.ByCreated}, Page: inbox.PageRequest{Limit: page},
		View:       access.View{List: access.ListAll, Asleep: true},
		Visibility: access.VisibilityFilter{Scopes: map[workspace.Kind]workspace.Scope{workspace.Livechat: workspace.ScopeAll, workspace.Ticket: workspace.ScopeAll}},
	}
	h.Conversations = nil
	for {
		found, err := s.ListConversations(ctx, q)
		if err != nil {
			return err
		}
		h.Conversations = append(h.Conversations, found.Items...)
		if !found.HasNext || len(found.Items) == 0 {
			return nil
		}
		last := found.Items[len(found.Items)-1]
		q.Page.After = &inbox.PageCursor{At: last.CreatedAt, ID: string(last.ID)}
	}
}
