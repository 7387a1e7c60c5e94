package resolvers

import (
	"time"

	"switchboard/graph/model"
	"switchboard/inbox"
)

func (s *scope) conversation(c inbox.Conversation) *model.Conversation {
	return &model.Conversation{
		ID: ConversationID(c.ID), Kind: c.Kind, Subject: c.Subject, Channel: c.Channel,
		Status: c.Status, Handler: c.Handler(), Assignee: s.member(c.Assignee), Team: s.team(c.Team),
		OriginAgent: s.agent(c.OriginAgent), Version: c.Version, Epoch: c.Epoch,
		WaitingSince: s.waitingSince(c), LastMessage: s.lastMessage(c),
		LastActivityAt: c.LastActivityAt, CreatedAt: c.CreatedAt, Source: c,
	}
}

func (s *scope) waitingSince(c inbox.Conversation) *time.Time {
	if !c.Waiting() || c.WaitingSince.IsZero() {
		return nil
	}
	return &c.WaitingSince
}

func (s *scope) lastMessage(c inbox.Conversation) *model.Message {
	if c.LastMessage == nil {
		return nil
	}
	return s.message(*c.LastMessage, c)
}

// message shows m, which was said in c.
func (s *scope) message(m inbox.Message, c inbox.Conversation) *model.Message {
	return &model.Message{ID: GlobalID(typeMessage, m.ID), Author: s.actor(m.Author, c.ContactName), Body: m.Body, Internal: m.Internal, At: m.At}
}

// event shows e of the conversation c.
func (s *scope) event(e inbox.Event, c inbox.Conversation) *model.AssignmentEvent {
	return &model.AssignmentEvent{
		ID: GlobalID(typeEvent, e.ID), Kind: e.Kind, Conversation: s.conversation(c), Actor: s.actor(e.Actor, c.ContactName),
		From: s.ownership(c, e.From), To: s.ownership(c, e.To), Reason: optional(e.Reason), Note: optional(e.Note),
		Version: e.Version, Epoch: e.Epoch, At: e.At,
	}
}

func (s *scope) ownership(c inbox.Conversation, o inbox.Ownership) *model.Ownership {
	return &model.Ownership{Assignee: s.member(o.Assignee), Team: s.team(o.Team), Handler: c.HandlerOf(o), Status: o.Status}
}

func (s *scope) verdict(v inbox.Verdict) *model.ActionVerdict {
	out := &model.ActionVerdict{Action: v.Action, Allowed: v.Allowed, Permission: optional(v.Permission)}
	if v.Reason != "" {
		out.Reason = &v.Reason
	}
	if v.RequiredPlan != "" {
		out.RequiredPlan = s.plan(v.RequiredPlan)
	}
	return out
}

func (s *scope) plan(name inbox.PlanName) *model.Plan {
	p := s.service.Plan(name)
	return &model.Plan{Name: string(p.Name), Rank: p.Rank}
}

// optional is null for the empty string.
func optional[T ~string](text T) *T {
	if text == "" {
		return nil
	}
	return &text
}

func value[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}
