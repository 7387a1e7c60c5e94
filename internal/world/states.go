package world

import (
	"time"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// States are conversations by the names that the tables of testdata use. own
// is who "mine" means.
func States(own workspace.MemberID) map[string]inbox.Conversation {
	chat, ticket := NewConversation(workspace.Livechat), NewConversation(workspace.Ticket)
	return map[string]inbox.Conversation{
		"chat: AI answers":                  chat,
		"chat: queued of no team":           Queued(chat, ""),
		"chat: queued in my team":           Queued(chat, Billing),
		"chat: mine":                        Owned(chat, own, ""),
		"chat: mine and asleep":             Asleep(Owned(chat, own, "")),
		"chat: a teammate's":                Owned(chat, Mate, ""),
		"chat: a stranger's":                Owned(chat, Stranger, Sales),
		"chat: left by a teammate":          left(chat),
		"chat: closed and back with the AI": Closed(chat),
		"chat: closed and a teammate's":     Closed(Owned(chat, Mate, "")),
		"chat: closed and stopped":          Closed(Stopped(chat)),
		"chat: closed and back from mate":   Closed(Formerly(chat, Mate)),
		"ticket: closed and of nobody":      Closed(ticket),
		"ticket: queued in my team":         Stopped(Queued(ticket, Billing)),
		"ticket: mine":                      Owned(ticket, own, ""),
		"ticket: a teammate's":              Owned(ticket, Mate, ""),
		"ticket: a stranger's":              Owned(ticket, Stranger, Sales),
		"ticket: closed and a teammate's":   Closed(Owned(ticket, Mate, "")),
	}
}

// NewConversation is one that its AI agent made a minute before the start.
func NewConversation(kind workspace.Kind) inbox.Conversation {
	at := Start().Add(-time.Minute)
	return inbox.Conversation{
		ID: "c", Workspace: Home, Kind: kind, Subject: "Hello", Channel: "web", Contact: "visitor", ContactName: "Vera",
		OriginAgent: Bot, Ownership: inbox.Ownership{Status: inbox.Open}, Version: 3, Epoch: 2,
		Changed: inbox.Attribution{By: AsAgent(Bot).Actor, At: at}, LastActivityAt: at, CreatedAt: at,
	}
}

// Owned is c with an owner and a team.
func Owned(c inbox.Conversation, by workspace.MemberID, team workspace.TeamID) inbox.Conversation {
	c.Assignee, c.Team, c.AIStopped, c.NeededSince = by, team, true, Start().Add(-time.Minute)
	return c
}

// Asleep is c, asleep for an hour from Start on.
func Asleep(c inbox.Conversation) inbox.Conversation {
	c.AsleepSince, c.GrabsUntil = Start().Add(-time.Minute), Start().Add(time.Hour)
	return c
}

// Queued is c in the queue of a team, or of the workspace.
func Queued(c inbox.Conversation, team workspace.TeamID) inbox.Conversation {
	c.Team, c.WaitingSince = team, Start().Add(-time.Minute)
	return c
}

func left(c inbox.Conversation) inbox.Conversation {
	c = Stopped(Queued(c, ""))
	c.Left, c.FormerAssignee = true, Mate
	return c
}

// Formerly is c with a former owner.
func Formerly(c inbox.Conversation, by workspace.MemberID) inbox.Conversation {
	c.FormerAssignee = by
	return c
}

// Stopped is c with its AI agent stopped.
func Stopped(c inbox.Conversation) inbox.Conversation {
	c.AIStopped = true
	return c
}

// Closed is c, closed.
func Closed(c inbox.Conversation) inbox.Conversation {
	c.Status, c.NeededSince = inbox.Closed, time.Time{}
	return c
}
