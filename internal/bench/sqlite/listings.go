package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/feed"
	"switchboard/inbox/notify"
	"switchboard/inbox/workspace"
)

// pageSize is how many conversations a list asks for.
const pageSize = 50

// listing is one list, for the i-th of those who ask. It returns how many items it has.
type listing struct {
	name  string
	least int
	run   func(ctx context.Context, f *filled, i int) (int, error)
}

func listings() []listing {
	return append(append(views(), counts()...), others()...)
}

// lists makes a listing of conversations from a change of the query that lists all.
func lists(name string, least int, edit func(q *access.ConversationQuery, f *filled, i int)) listing {
	return listing{name, least, func(ctx context.Context, f *filled, i int) (int, error) {
		q := everything()
		edit(&q, f, i)
		page, err := f.store.ListConversations(ctx, q)
		return len(page.Items), err
	}}
}

func everything() access.ConversationQuery {
	return access.ConversationQuery{
		Workspace: ws, View: access.View{List: access.ListAll}, Order: access.Order{Field: access.ByLastActivity, Desc: true}, Page: inbox.PageRequest{Limit: pageSize},
		Visibility: access.VisibilityFilter{Member: memberOf(0), Scopes: scopes(workspace.ScopeAll)},
	}
}

func scopes(s workspace.Scope) map[workspace.Kind]workspace.Scope {
	out := map[workspace.Kind]workspace.Scope{}
	for _, k := range workspace.Kinds() {
		out[k] = s
	}
	return out
}

type edit = func(q *access.ConversationQuery, f *filled, i int)

func order(by access.OrderField, desc bool) edit {
	return func(q *access.ConversationQuery, _ *filled, _ int) {
		q.Order = access.Order{Field: by, Desc: desc}
	}
}

func only(l access.List, statuses ...inbox.Status) edit {
	return func(q *access.ConversationQuery, _ *filled, i int) {
		q.View.List, q.View.Statuses = l, statuses
		q.Visibility.Member, q.Visibility.Teams = ownerOf(i), []workspace.TeamID{teamOf(0), teamOf(i + 1)}
	}
}

func view(change func(v *access.View, f *filled, i int)) edit {
	return func(q *access.ConversationQuery, f *filled, i int) { change(&q.View, f, i) }
}

func views() []listing {
	return []listing{
		lists("all, newest activity first", pageSize, order(access.ByLastActivity, true)),
		lists("all, by creation", pageSize, order(access.ByCreated, false)),
		lists("all, by waiting", pageSize, order(access.ByWaiting, false)),
		lists("all, by awaited reply", pageSize, order(access.ByAwaitingReply, false)),
		lists("open", pageSize, only(access.ListAll, inbox.Open)),
		lists("closed", pageSize, only(access.ListAll, inbox.Closed)),
		lists("mine", pageSize, only(access.ListMine)),
		lists("mine, open", pageSize, only(access.ListMine, inbox.Open)),
		lists("unassigned", pageSize, only(access.ListUnassigned)),
		lists("queued", pageSize, only(access.ListQueued)),
		lists("my teams", pageSize, only(access.ListMyTeams)),
		lists("my teams, open", pageSize, only(access.ListMyTeams, inbox.Open)),
		lists("in scope: 2 teams, 30 teammates", pageSize, scoped),
		lists("of a team", pageSize, view(func(v *access.View, _ *filled, i int) { v.Teams = []workspace.TeamID{teamOf(i)} })),
		lists("formerly a member's, closed", pageSize, view(func(v *access.View, _ *filled, i int) {
			v.FormerAssignees, v.Statuses = []workspace.MemberID{memberOf(i + 2)}, []inbox.Status{inbox.Closed}
		})),
		lists("of a contact", contactHas, view(func(v *access.View, f *filled, i int) { v.Contacts = []inbox.ContactID{f.begun(i * f.n / 10).Contact} })),
		lists("of an address", contactHas, view(func(v *access.View, f *filled, i int) { v.ContactEmails = []string{f.begun(i * f.n / 10).ContactEmail} })),
		lists("from an AI agent", pageSize, view(func(v *access.View, _ *filled, _ int) { v.OriginAgents = []workspace.AgentID{"agent0"} })),
		lists("tickets", pageSize, view(func(v *access.View, _ *filled, _ int) { v.Kinds = []workspace.Kind{workspace.Ticket} })),
		lists("queued by handler", pageSize, view(func(v *access.View, _ *filled, _ int) { v.Handlers = []inbox.Handler{inbox.HandledByQueue} })),
		lists("of a channel", pageSize, view(func(v *access.View, _ *filled, _ int) { v.Channels = []string{"mail"} })),
		lists("awaiting a reply, longest first", pageSize, func(q *access.ConversationQuery, _ *filled, _ int) {
			q.View.Awaiting, q.Order = new(true), access.Order{Field: access.ByAwaitingReply}
		}),
		lists("created in a day", pageSize, view(func(v *access.View, f *filled, i int) { v.Created = day(f, i) })),
		lists("closed in a day", pageSize, view(func(v *access.View, f *filled, i int) { v.Closed = day(f, i) })),
		lists("starred", 10, starred),
		lists("search, one finds one", 1, view(func(v *access.View, f *filled, i int) { v.Search = []string{fmt.Sprintf("%07d", i*f.n/10+1)} })),
		lists("search, a word of one in fifty", pageSize, view(func(v *access.View, _ *filled, i int) { v.Search = []string{words()[i]} })),
		lists("search, a word of all", pageSize, view(func(v *access.View, _ *filled, _ int) { v.Search = []string{"order"} })),
		lists("a page in the middle", pageSize, func(q *access.ConversationQuery, f *filled, _ int) { q.Page.After = middle(f) }),
		lists("a page before the middle", pageSize, func(q *access.ConversationQuery, f *filled, _ int) {
			q.Page.Before, q.Page.Backward = middle(f), true
		}),
	}
}

func scoped(q *access.ConversationQuery, _ *filled, i int) {
	q.Visibility.Scopes = scopes(workspace.ScopeTeam)
	q.Visibility.Member, q.Visibility.Teams = memberOf(i+1), []workspace.TeamID{teamOf(0), teamOf(i + 1)}
	for m := range 30 {
		q.Visibility.Teammates = append(q.Visibility.Teammates, memberOf(i+m))
	}
}

func starred(q *access.ConversationQuery, f *filled, _ int) {
	q.View.Starred = true
	for i := range 10 {
		q.Visibility.Starred = append(q.Visibility.Starred, idOf(i*f.n/10))
	}
}

// day is a day among the conversations of f.
func day(f *filled, i int) access.Span {
	from := epoch().Add(time.Duration(i*f.n/10) * time.Minute)
	return access.Span{From: from, Until: from.Add(24 * time.Hour)}
}

func middle(f *filled) *inbox.PageCursor {
	i := f.n / 2
	return &inbox.PageCursor{At: epoch().Add(time.Duration(i)*time.Minute + time.Hour), ID: string(idOf(i))}
}

func counts() []listing {
	count := func(name string, limit int, l access.List) listing {
		return listing{name, limit, func(ctx context.Context, f *filled, i int) (int, error) {
			q := everything()
			only(l)(&q, f, i)
			return f.store.CountConversations(ctx, q, limit)
		}}
	}
	return []listing{
		count("count all, to 1,000", 1000, access.ListAll),
		count("count unassigned, to 100", 100, access.ListUnassigned),
		{"count in scope, to 1,000", 1000, func(ctx context.Context, f *filled, i int) (int, error) {
			q := everything()
			scoped(&q, f, i)
			return f.store.CountConversations(ctx, q, 1000)
		}},
		{"ownership snapshots, 500", 500, func(ctx context.Context, f *filled, _ int) (int, error) {
			found, err := f.store.OwnershipSnapshots(ctx, everything(), 500)
			return len(found), err
		}},
	}
}

func others() []listing {
	return []listing{
		{"a conversation", 1, func(ctx context.Context, f *filled, i int) (int, error) {
			_, err := f.store.Conversation(ctx, ws, idOf(i*f.n/10))
			return 1, err
		}},
		{"messages", messagesEach, func(ctx context.Context, f *filled, i int) (int, error) {
			page, err := f.store.ListMessages(ctx, desk.MessageQuery{Workspace: ws, Conversation: idOf(i * f.n / 10), Page: inbox.PageRequest{Limit: pageSize}})
			return len(page.Items), err
		}},
		{"history", 2, func(ctx context.Context, f *filled, i int) (int, error) {
			page, err := f.store.ListHistory(ctx, desk.HistoryQuery{Workspace: ws, Conversation: idOf(i * f.n / 10), Limit: pageSize})
			return len(page.Items), err
		}},
		{"due", 5, func(ctx context.Context, f *filled, i int) (int, error) {
			found, err := f.store.Due(ctx, ws, inbox.Queue{Kind: workspace.Ticket, Team: "team00"}, nil, 5)
			return len(found), err
		}},
		{"idle", 0, func(ctx context.Context, f *filled, _ int) (int, error) {
			found, err := f.store.Idle(ctx, ws, epoch().Add(1e6*time.Hour), pageSize)
			return len(found), err
		}},
		{"first in the queue", 1, func(ctx context.Context, f *filled, _ int) (int, error) {
			return f.store.QueuePosition(ctx, f.begun(0))
		}},
		{"notifications", pageSize, func(ctx context.Context, f *filled, i int) (int, error) {
			page, err := f.store.ListNotifications(ctx, notify.NotificationQuery{
				Workspace: ws, Member: ownerOf(i), Audiences: []inbox.Audience{inbox.ToMember(ownerOf(i))}, Page: inbox.PageRequest{Limit: pageSize},
			})
			return len(page.Items), err
		}},
		{"feed, the last 100 events", 100, func(ctx context.Context, f *filled, _ int) (int, error) {
			return follow(ctx, f, 100)
		}},
	}
}

// follow reads n events of the feed's end.
func follow(ctx context.Context, f *filled, n int) (read int, err error) {
	end, err := f.store.Watch(ctx, "")
	if err != nil {
		return 0, err
	}
	// A position ends with the number of an event.
	installation, number, _ := strings.Cut(end.Position(), ".")
	last, err := strconv.Atoi(number)
	if err != nil {
		return 0, err
	}
	stream, err := f.store.Watch(ctx, installation+"."+strconv.Itoa(last-n))
	if err != nil {
		return 0, err
	}
	var items []feed.FeedItem
	for ok := true; ok && err == nil; {
		var item feed.FeedItem
		if item, ok, err = stream.TryNext(ctx); ok {
			items = append(items, item)
		}
	}
	return len(items), err
}
