package resolvers

import (
	"cmp"
	"context"
	"time"

	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
	"switchboard/live/follow"
)

// viewIn reads a filter and an order. A saved view gives both, unless an order is
// named. Contacts that were merged since the filter was made stand for the ones that
// are left.
func (r *Resolver) viewIn(ctx context.Context, in *model.InboxView, by *model.ConversationOrder) (access.View, access.Order, error) {
	view, order, err := r.viewGiven(ctx, in, by)
	if err != nil || len(view.Contacts) == 0 {
		return view, order, err
	}
	p, err := principal(ctx)
	if err == nil {
		view.Contacts, err = r.Inbox.Contacts.ContactsLeft(ctx, p.Workspace, view.Contacts)
	}
	return view, order, err
}

func (r *Resolver) viewGiven(ctx context.Context, in *model.InboxView, by *model.ConversationOrder) (access.View, access.Order, error) {
	if in == nil || in.SavedViewID == nil {
		view, err := r.view(in)
		return view, orderOf(by), err
	}
	if err := alone(*in); err != nil {
		return access.View{}, access.Order{}, err
	}
	id, err := idOf[inbox.SavedViewID]("view.savedViewId", typeSavedView, *in.SavedViewID)
	if err != nil {
		return access.View{}, access.Order{}, err
	}
	p, err := principal(ctx)
	if err != nil {
		return access.View{}, access.Order{}, err
	}
	saved, err := r.Inbox.Shelf.SavedView(ctx, p, id)
	if err != nil {
		return access.View{}, access.Order{}, missingAt("view.savedViewId", err)
	}
	view, order := saved.Filter, saved.Order
	view.Search = r.Terms(saved.Search)
	if by != nil {
		order = orderOf(by)
	}
	return view, order, nil
}

// alone refuses other fields beside savedViewId.
func alone(in model.InboxView) error {
	in.SavedViewID = nil
	if in.List != nil && *in.List == access.ListAll { // the default
		in.List = nil
	}
	if follow.Fingerprint(in) != follow.Fingerprint(model.InboxView{}) {
		return inbox.Invalid("savedViewId", "savedViewId is given beside other fields. Give it alone, or copy the filter of the saved view and change that.")
	}
	return nil
}

// view reads a filter that is no saved one.
func (r *Resolver) view(in *model.InboxView) (access.View, error) {
	if in == nil {
		return access.View{List: access.ListAll}, nil
	}
	out := access.View{List: access.ListAll, Kinds: in.Kinds, Statuses: in.Statuses, Handlers: in.Handlers, Channels: in.Channels, Awaiting: in.AwaitingReply}
	set(&out.List, in.List)
	set(&out.Starred, in.Starred)
	set(&out.Asleep, in.IncludeSnoozed)
	var err, first error
	note := func() { first = cmp.Or(first, err) }
	out.Assignees, err = idsOf[workspace.MemberID]("assigneeIds", typeMember, in.AssigneeIds)
	note()
	out.Teams, err = idsOf[workspace.TeamID]("teamIds", typeTeam, in.TeamIds)
	note()
	out.Contacts, err = idsOf[inbox.ContactID]("contactIds", typeContact, in.ContactIds)
	note()
	out.FormerAssignees, err = idsOf[workspace.MemberID]("formerAssigneeIds", typeMember, in.FormerAssigneeIds)
	note()
	out.OriginAgents, err = idsOf[workspace.AgentID]("originAgentIds", typeAgent, in.OriginAgentIds)
	note()
	err = noMore("channels", in.Channels)
	note()
	out.ContactEmails, err = emailKeys(in.ContactEmails)
	note()
	out.Created, err = span("createdBetween", in.CreatedBetween)
	note()
	out.Active, err = span("lastActivityBetween", in.LastActivityBetween)
	note()
	out.Closed, err = span("closedBetween", in.ClosedBetween)
	note()
	out.Search, err = r.words(in.Search)
	note()
	return out, first
}

func noMore(field string, values []string) error {
	if len(values) > maxPage {
		return inbox.Invalid(field, "%s has %d values; at most %d are allowed.", field, len(values), maxPage)
	}
	return nil
}

func emailKeys(emails []string) ([]string, error) {
	if err := noMore("contactEmails", emails); err != nil {
		return nil, err
	}
	var out []string
	for _, email := range emails {
		if err := inbox.CheckEmail("contactEmails", email); err != nil {
			return nil, err
		}
		out = append(out, workspace.EmailKey(email))
	}
	return out, nil
}

func span(field string, in *model.TimeSpanInput) (access.Span, error) {
	if in == nil {
		return access.Span{}, nil
	}
	out := access.Span{From: moment(in.From), Until: moment(in.Until)}
	switch {
	case !out.Bounded():
		return out, inbox.Invalid(field, "%s has neither from nor until. Give one of them, or leave %s out.", field, field)
	case !out.From.IsZero() && !out.Until.IsZero() && !out.From.Before(out.Until):
		return out, inbox.Invalid(field, "%s has a from that is not before its until.", field)
	}
	return out, nil
}

// moment truncates a time to the precision that is stored.
func moment(t *time.Time) time.Time { return value(t).UTC().Truncate(time.Millisecond) }
