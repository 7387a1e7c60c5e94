package desk

import (
	"context"
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// ReturnToAgent gives a chat back to the AI agent that it came from, without
// closing it: by its assignee, or by a caller who may assign it. B:C7, B:O8
func (s *Service) ReturnToAgent(ctx context.Context, p inbox.Principal, r Request, note string) (Outcome, error) {
	note = inbox.Visible(note)
	if err := inbox.CheckLength("note", note, inbox.MaxNote); err != nil {
		return Outcome{}, err
	}
	return s.run.change(ctx, p, r, verb{
		name: "returnToAgent", declared: s.run.the(inbox.ActionReturn), args: note, note: note,
	})
}

// stickyOwner is the former owner of a chat that its AI agent hands off to team, or
// to anyone when team is empty, by rule stickyOwner; empty when they are not online,
// have no room, are not in the team, or let go of the chat themselves. B:C4
func (s *router) stickyOwner(ctx context.Context, t *attempt, team workspace.TeamID) (workspace.MemberID, error) {
	former := t.current.FormerAssignee
	if former == "" || !t.Rules.StickyOwner || t.current.Left {
		return "", nil
	}
	if m, _ := t.access.Directory.Member(former); team != "" && !slices.Contains(m.Teams, team) {
		return "", nil
	}
	free, err := s.hasRoom(ctx, t, former, team)
	if !free {
		return "", err
	}
	return former, err
}
