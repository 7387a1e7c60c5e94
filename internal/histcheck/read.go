package histcheck

import (
	"context"
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
}

// page bounds how many conversations are read at once.
const page = 500

// Begin returns the position from which Read reads the events: those that are
// committed after Begin returned are behind it.
func Begin(ctx context.Context, s Source) (position string, err error) {
	stream, err := s.Watch(ctx, "")
	if err != nil {
		return "", err
	}
	return stream.Position(), stream.Close(ctx)
}

// Read fills in the events since position, and the state that is stored now.
func (h *History) Read(ctx context.Context, s Source, position string) error {
	ws := h.Start.Workspace.ID
	if err := h.readEvents(ctx, s, position); err != nil {
		return err
	}
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

func (h *History) readEvents(ctx context.Context, s Source, position string) error {
	stream, err := s.Watch(ctx, position)
	if err != nil {
		return err
	}
	for {
		item, ok, err := stream.TryNext(ctx)
		if err != nil || !ok {
			closing := stream.Close(ctx)
			if err == nil {
				err = closing
			}
			return err
		}
		if item.Event.Workspace == h.Start.Workspace.ID {
			h.Events = append(h.Events, item.Event)
		}
	}
}

func (h *History) readConversations(ctx context.Context, s Source, ws workspace.WorkspaceID) error {
	q := access.ConversationQuery{
		Workspace: ws, Order: access.Order{Field: access.ByCreated}, Page: inbox.PageRequest{Limit: page},
		View:       access.View{List: access.ListAll},
		Visibility: access.VisibilityFilter{Scopes: map[workspace.Kind]workspace.Scope{workspace.Livechat: workspace.ScopeAll, workspace.Ticket: workspace.ScopeAll}},
	}
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
