package inbox_test

import (
	"time"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// states are conversations by the names that the tables of testdata use. own
// is who "mine" means.
func states(own workspace.MemberID) map[string]inbox.Conversation {
	chat, ticket := newConversation(workspace.Livechat), newConversation(workspace.Ticket)
	return map[string]inbox.Conversation{
		"chat: AI answers":                  chat,
		"chat: queued of no team":           queued(chat, ""),
		"chat: queued in my team":           queued(chat, billing),
		"chat: mine":                        owned(chat, own, ""),
		"chat: a teammate's":                owned(chat, mate, ""),
		"chat: a stranger's":                owned(chat, stranger, sales),
		"chat: left by a teammate":          left(chat),
		"chat: closed and back with the AI": closed(chat),
		"chat: closed and a teammate's":     closed(owned(chat, mate, "")),
		"chat: closed and stopped":          closed(stopped(chat)),
		"chat: closed and back from mate":   closed(formerly(chat, mate)),
		"ticket: closed and of nobody":      closed(ticket),
		"ticket: queued in my team":         stopped(queued(ticket, billing)),
		"ticket: mine":                      owned(ticket, own, ""),
		"ticket: a teammate's":              owned(ticket, mate, ""),
		"ticket: a stranger's":              owned(ticket, stranger, sales),
		"ticket: closed and a teammate's":   closed(owned(ticket, mate, "")),
	}
}

// newConversation is one that its AI agent made a minute before the start.
func newConversation(kind workspace.Kind) inbox.Conversation {
	at := start().Add(-time.Minute)
	return inbox.Conversation{
		ID: "c", Workspace: home, Kind: kind, Subject: "Hello", Channel: "web", Contact: "visitor", ContactName: "Vera",
		OriginAgent: bot, Ownership: inbox.Ownership{Status: inbox.Open}, Version: 3, Epoch: 2,
		Changed: inbox.Attribution{By: asAgent(bot).Actor, At: at}, LastActivityAt: at, CreatedAt: at,
	}
}

func owned(c inbox.Conversation, by workspace.MemberID, team workspace.TeamID) inbox.Conversation {
	c.Assignee, c.Team, c.AIStopped, c.NeededSince = by, team, true, start().Add(-time.Minute)
	return c
}

func queued(c inbox.Conversation, team workspace.TeamID) inbox.Conversation {
	c.Team, c.WaitingSince = team, start().Add(-time.Minute)
	return c
}

func left(c inbox.Conversation) inbox.Conversation {
	c = stopped(queued(c, ""))
	c.Left, c.FormerAssignee = true, mate
	return c
}

func formerly(c inbox.Conversation, by workspace.MemberID) inbox.Conversation {
	c.FormerAssignee = by
	return c
}

func stopped(c inbox.Conversation) inbox.Conversation {
	c.AIStopped = true
	return c
}

func closed(c inbox.Conversation) inbox.Conversation {
	c.Status, c.NeededSince = inbox.Closed, time.Time{}
	return c
}
