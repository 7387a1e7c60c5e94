package resolvers

import (
	"context"
	"time"

	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// conversation shows c, the conversation as it is now.
func (s *scope) conversation(c inbox.Conversation) *model.Conversation {
	return s.conversationIn(s.disclose(c))
}

// conversationIn shows d, in the state in which this answer shows it elsewhere.
func (s *scope) conversationIn(d disclosed) *model.Conversation {
	d = s.presents.settle(d)
	c := d.Conversation
	return &model.Conversation{
		ID: ConversationID(c.ID), Kind: c.Kind, Subject: c.Subject, Channel: c.Channel,
		Status: c.Status, Handler: c.Handler(), Assignee: s.member(c.Assignee), Team: s.team(c.Team),
		OriginAgent: s.agent(c.OriginAgent), Version: c.Version, Epoch: c.Epoch, Revision: c.Revision,
		WaitingSince: s.waitingSince(c), LastMessage: s.lastMessage(d),
		LastActivityAt: s.lastActivityAt(c), CreatedAt: c.CreatedAt, Source: c, Hidden: !d.open,
		FormerAssignee: s.member(c.FormerAssignee), ClosedAt: optionalTime(c.ClosedAt), AwaitingReplySince: d.awaitingReplySince(),
		OwnedSince: optionalTime(c.OwnerSince()), ReclaimAt: reclaimAt(s.access, d), Offer: openOffer(s, d), Snooze: snoozeOf(s, c, d.open),
	}
}

func (s *scope) waitingSince(c inbox.Conversation) *time.Time {
	if !c.Waiting() || c.WaitingSince.IsZero() {
		return nil
	}
	return &c.WaitingSince
}

// lastActivityAt passes over internal notes for a contact. B:V8
func (s *scope) lastActivityAt(c inbox.Conversation) time.Time {
	if s.isContact() {
		return c.PublicActivityAt()
	}
	return c.LastActivityAt
}

func (s *scope) lastMessage(d disclosed) *model.Message {
	if d.LastMessage == nil {
		return nil
	}
	return s.message(*d.LastMessage, d)
}

// message shows m, which was said in d.
func (s *scope) message(m inbox.Message, d disclosed) *model.Message {
	out := &model.Message{
		ID: GlobalID(typeMessage, m.ID), Author: s.actor(m.Author, d), Body: m.Body, Preview: inbox.Preview(m.Body),
		Internal: m.Internal, At: m.At, Sequence: s.sequence(m, d), Logged: m.ID, DeliveredAt: optionalTime(m.DeliveredAt), ReadAt: optionalTime(m.ReadAt),
	}
	if m.Shortened {
		out.Shortened = m.ID
	}
	return out
}

// bodyOf is the whole text of m. One of which the conversation holds the beginning is read
// together with those of the other conversations of the answer; its beginning is shown if
// it was removed meanwhile.
func bodyOf(ctx context.Context, s *scope, m *model.Message) (string, error) {
	if m.Shortened == "" {
		return m.Body, nil
	}
	whole, err := s.loaders.message.Load(ctx, m.Shortened)
	if err != nil || whole.ID == "" {
		return m.Body, err
	}
	return whole.Body, nil
}

// sequence is the place of m among the messages that the caller can see: contacts,
// and keys that only feed d, do not see where its notes are.
func (s *scope) sequence(m inbox.Message, d disclosed) int {
	if s.isContact() || !s.access.Reads(d.Conversation) {
		return m.PublicSequence
	}
	return m.Sequence
}

// writtenIn is how many messages c ever had, of those that the caller can see.
func writtenIn(s *scope, c inbox.Conversation) int {
	if s.isContact() || !s.access.Reads(c) {
		return c.PublicMessageCount
	}
	return c.MessageCount
}

// event shows e, a change of the conversation d, with note and reason where d is
// open.
func (s *scope) event(e inbox.Event, d disclosed) *model.AssignmentEvent {
	if !d.open {
		e.Note, e.Reason, e.ReasonCode = "", "", ""
	}
	return &model.AssignmentEvent{
		ID: GlobalID(typeEvent, e.ID), Logged: e.ID, Kind: e.Kind, Conversation: s.conversationIn(d), Actor: s.actor(e.Actor, d),
		From: s.ownership(d.Conversation, e.From), To: s.ownership(d.Conversation, e.To), Reason: optional(e.Reason), Note: optional(e.Note),
		ReclaimCause: optional(e.ReclaimCause()), Offer: offerIn(s, e, d), Version: e.Version, Epoch: e.Epoch, At: e.At, BulkID: optional(bulkID(e.Bulk)), Snapshot: s.snapshotOf(e, d.Conversation),
		ReasonCode: reasonCode(s.access.Directory, e.ReasonCode), WakeCause: optional(e.WakeCause()),
	}
}

func (s *scope) ownership(c inbox.Conversation, o inbox.Ownership) *model.Ownership {
	return &model.Ownership{Assignee: s.member(o.Assignee), Team: s.team(o.Team), Handler: c.HandlerOf(o), Status: o.Status}
}

func (s *scope) verdict(c inbox.Conversation, v access.Verdict) *model.ActionVerdict {
	out := &model.ActionVerdict{Action: v.Action, Allowed: v.Allowed, Permission: optional(v.Permission)}
	out.ReasonRequired = optional(access.ReasonNeeded(s.judged, c, v.Action))
	if v.Reason != "" {
		out.Reason = &v.Reason
	}
	if v.RequiredPlan != "" {
		out.RequiredPlan = s.plan(v.RequiredPlan)
	}
	return out
}

func (s *scope) plan(name workspace.PlanName) *model.Plan {
	return planOf(s.service.Callers.Plan(name))
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
