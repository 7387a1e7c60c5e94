package inbox

import (
	"time"

	"switchboard/inbox/workspace"
)

// Command is the command that every verb receives: its actor, its time, and the rules.
type Command struct {
	By    workspace.Actor
	At    time.Time
	Rules workspace.Rules
	// Reason and Note travel with the event.
	Reason, Note string
	ReasonCode   workspace.ReasonCodeID
	// Bulk is the call with many conversations that the verb is part of; empty for none.
	Bulk BulkID
}

// Move is the result of a verb: the next state of the conversation and the event
// that records the step. Service adds ids and the idempotency key.
type Move struct {
	After Conversation
	Event Event
}

// move is the one place where version and epoch grow.
func (c Conversation) move(kind EventKind, to Ownership, t Command) Move {
	after := c
	if !c.Offer.Open() {
		after.Offer = Offer{} // its events and the list of offers keep it
	}
	after.Version++
	if !sleepsOn(kind) {
		to.AsleepSince = time.Time{}
	}
	c.Announce(kind, &to, after.Version, t.Bulk)
	c.needed(&to, t.At)
	to.OwnedSince = c.ownedSince(to, t.At)
	after.Ownership = to
	if to.Assignee != c.Assignee {
		after.Epoch++
		if c.Assignee != "" {
			after.FormerAssignee = c.Assignee
		}
	}
	after.Changed = Attribution{By: t.By, At: t.At}
	after.LastActivityAt = t.At
	m := Move{After: after, Event: Event{
		Workspace: c.Workspace, Type: OwnershipEvent, Kind: kind, Conversation: c.ID, Actor: t.By,
		From: c.Ownership, To: to, Reason: t.Reason, Note: t.Note, ReasonCode: t.ReasonCode, Version: after.Version, Epoch: after.Epoch, At: t.At,
		Bulk: t.Bulk,
	}}
	m.After.ShownAt = time.Time{}
	if m.Event.Unseen() {
		m.After.ShownAt = c.PublicActivityAt()
	}
	if !kind.KeepsOffer() {
		m.supersede(t)
	}
	return m
}

// owner is the ownership after member got the conversation. Taking it oneself
// always stops the AI agent; being given it does so by rule. B:H3.
func (c Conversation) owner(member workspace.MemberID, t Command, automatic bool) Ownership {
	o := c.Ownership
	o.Assignee, o.WaitingSince, o.Automatic, o.Left, o.UpForGrabs = member, time.Time{}, automatic, false, false
	if t.By.Member() == member || t.Rules.AIWhenAssigned == workspace.AIStops {
		o.AIStopped = true
	}
	return o
}

// Nobody is the ownership after the owner let go. B:A6, B:L1.
func (c Conversation) Nobody(t Command) Ownership {
	o := c.Ownership
	o.Assignee, o.Automatic, o.AsleepSince = "", false, time.Time{}
	if c.HasAgent() && t.Rules.AIAfterUnassign == workspace.AIResumes {
		o.AIStopped, o.WaitingSince = false, time.Time{}
		return o
	}
	o.AIStopped, o.WaitingSince, o.UpForGrabs, o.GrabsUntil = true, c.queuedSince(t.At), true, t.grabsUntil(c.Kind)
	return o
}

// needed keeps since when a person is needed.
func (c Conversation) needed(to *Ownership, at time.Time) {
	if !to.UpForGrabs && !to.Asleep() {
		to.GrabsUntil = time.Time{}
	}
	switch {
	case to.Status == Closed || c.HandlerOf(*to) == HandledByAI:
		to.NeededSince = time.Time{}
	case to.NeededSince.IsZero():
		to.NeededSince = at
	}
}

// queuedSince is the place in the queue of a conversation that begins to wait now.
func (c Conversation) queuedSince(now time.Time) time.Time {
	if c.NeededSince.IsZero() {
		return now
	}
	return c.NeededSince
}

// queue returns the ownership of a conversation that waits for a person of team, or
// of the whole workspace if team is empty. One that waits already keeps its place
// in time.
func (c Conversation) queue(team workspace.TeamID, t Command) Ownership {
	o := c.Ownership
	o.Assignee, o.Team, o.Automatic, o.UpForGrabs = "", team, false, false
	if !c.Waiting() || o.WaitingSince.IsZero() {
		o.WaitingSince = c.queuedSince(t.At)
	}
	return o
}
