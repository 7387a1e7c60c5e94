package resolvers

import (
	"context"

	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"

	"github.com/99designs/gqlgen/graphql"
)

// nodes resolves several ids; a missing one is null with an error of its own.
func (r *Resolver) nodes(ctx context.Context, ids []string) ([]model.Node, error) {
	if len(ids) > maxPage {
		return nil, inbox.Invalid("ids", "ids has %d entries; at most %d are allowed.", len(ids), maxPage)
	}
	out := make([]model.Node, len(ids))
	for i, id := range ids {
		node, err := r.node(ctx, "ids", id)
		if err != nil {
			graphql.AddError(graphql.WithPathContext(ctx, graphql.NewPathWithIndex(i)), err)
			continue
		}
		out[i] = node
	}
	return out, nil
}

// node finds anything that has a global id.
func (r *Resolver) node(ctx context.Context, field, global string) (model.Node, error) {
	typeName, id, ok := parseID(global)
	if !ok {
		return nil, inbox.Invalid(field, "%s is not a global id. Pass an id exactly as the API gave it.", field)
	}
	s := scopeOf(ctx)
	switch typeName {
	case typeConversation, typeEvent, typeMessage:
		return r.conversationNode(ctx, s, typeName, id)
	case typeNotification:
		told, err := r.Inbox.Notify.Notification(ctx, s.access.Principal, inbox.NotificationID(id))
		if err != nil {
			return nil, err
		}
		return s.notification(told), nil
	case typeSavedView:
		v, err := r.Inbox.Shelf.SavedView(ctx, s.access.Principal, inbox.SavedViewID(id))
		if err != nil {
			return nil, err
		}
		return s.savedView(v), nil
	case typeWebhook:
		return endpoints{r}.webhookNode(ctx, s, workspace.WebhookID(id))
	case typeOffer:
		return r.offerNode(ctx, s, inbox.OfferID(id))
	case typeContact:
		return r.contactNode(ctx, s, inbox.ContactID(id))
	}
	return s.directoryNode(typeName, id)
}

func (r *Resolver) conversationNode(ctx context.Context, s *scope, typeName, id string) (model.Node, error) {
	switch typeName {
	case typeEvent:
		e, c, err := r.Inbox.Reader.Event(ctx, s.access.Principal, inbox.EventID(id))
		if err != nil {
			return nil, err
		}
		return s.event(e, s.disclose(c)), nil
	case typeMessage:
		m, c, err := r.Inbox.Reader.Message(ctx, s.access.Principal, inbox.MessageID(id))
		if err != nil {
			return nil, err
		}
		return s.message(m, s.disclose(c)), nil
	}
	c, err := r.Inbox.Messages.Fed(ctx, s.access.Principal, desk.ConversationRef{ID: inbox.ConversationID(id)})
	if err != nil {
		return nil, err
	}
	return s.conversation(c), nil
}

func (r *Resolver) contactNode(ctx context.Context, s *scope, id inbox.ContactID) (model.Node, error) {
	c, err := r.Inbox.Contacts.Contact(ctx, s.access.Principal, id)
	if err != nil {
		return nil, err
	}
	return contactOf(c.ID, c.Name), nil
}

func (s *scope) directoryNode(typeName, id string) (model.Node, error) {
	d := s.access.Directory
	switch typeName {
	case typeMember:
		if m, ok := d.Member(workspace.MemberID(id)); ok {
			return memberOf(m), nil
		}
		return nil, inbox.Missing("member")
	case typeTeam:
		if t, ok := d.Team(workspace.TeamID(id)); ok {
			return teamOf(t), nil
		}
		return nil, inbox.Missing("team")
	case typeAgent:
		if a, ok := d.Agent(workspace.AgentID(id)); ok {
			return s.agent(a.ID), nil
		}
		return nil, inbox.Missing("AI agent")
	case typeAPIKey:
		return s.apiKeyNode(workspace.KeyID(id))
	case typeReasonCode:
		if c := reasonCode(d, workspace.ReasonCodeID(id)); c != nil {
			return c, nil
		}
		return nil, inbox.Missing("reason code")
	}
	if workspace.WorkspaceID(id) == d.Workspace.ID {
		return s.workspace(d.Workspace), nil
	}
	return nil, inbox.Missing("workspace")
}
