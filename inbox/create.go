package inbox

import (
	"time"

	"switchboard/inbox/workspace"
)

// Draft holds the initial fields of a new conversation.
type Draft struct {
	ID          ConversationID
	Workspace   workspace.WorkspaceID
	Kind        workspace.Kind
	Subject     string
	Channel     string
	Contact     Contact
	OriginAgent workspace.AgentID
	ExternalID  string
	Feeder      workspace.KeyID
	Previous    ConversationID
}

// Create makes a conversation as its first event. It belongs to chosen, else
// to the AI agent that it comes from, else it waits in the queue of team (of
// the workspace when empty). B:N1.
func Create(d Draft, team workspace.TeamID, chosen workspace.MemberID, automatic bool, t Command) Move {
	c := Conversation{
		ID: d.ID, Workspace: d.Workspace, Kind: d.Kind, Subject: d.Subject, Channel: d.Channel,
		OriginAgent: d.OriginAgent, ExternalID: d.ExternalID, Feeder: d.Feeder, Previous: d.Previous,
		Ownership: Ownership{Status: Unset}, CreatedAt: t.At, Epoch: 1,
	}
	d.Contact.CopyTo(&c)
	to := Ownership{Status: Open, Team: team}
	switch {
	case chosen != "":
		to = c.owner(chosen, t, automatic)
		to.Team = team
	case !c.HasAgent():
		to.WaitingSince, to.AIStopped = t.At, true
		to.UpForGrabs = team != "" && t.Rules.TeamTarget == workspace.TeamTargetPool
	}
	to.Status = Open
	m := c.move(EventCreated, to, t)
	m.After.Epoch, m.Event.Epoch = 1, 1
	return m
}

// AutoAssign gives a waiting conversation to the member whom the method chose.
// B:Q8.
func AutoAssign(c Conversation, chosen workspace.MemberID, at time.Time, rules workspace.Rules) Move {
	t := Command{By: workspace.System(), At: at, Rules: rules}
	return c.move(EventAutoAssigned, c.owner(chosen, t, true), t)
}
