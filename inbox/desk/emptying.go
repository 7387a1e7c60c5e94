package desk

import (
	"context"

	"switchboard/inbox"
	"switchboard/inbox/access"
)

// holds reports whether c is still to be moved.
func holds(e inbox.Offboarding, a access.Access, c inbox.Conversation) bool {
	if c.Status == inbox.Closed {
		return false
	}
	switch {
	case e.Member != "":
		return c.Assignee == e.Member && !a.MayOwn(e.Member, c.Kind)
	case e.Team != "":
		return c.Team == e.Team && a.Directory.Teams[e.Team].Removed
	}
	return c.OriginAgent == e.Agent && c.Handler() == inbox.HandledByAI && a.Directory.Agents[e.Agent].Removed
}

// releaseOf is the step by which e loses a conversation.
func releaseOf(e inbox.Offboarding, t *attempt) inbox.Move {
	switch {
	case e.Member != "":
		t.Reason = inbox.ReasonMemberRemoved
		if _, ok := t.access.Directory.Member(e.Member); ok {
			t.Reason = inbox.ReasonNotLiveAgent
		}
		return inbox.ReleaseFromMember(t.current, t.Command)
	case e.Team != "":
		return inbox.ReleaseFromTeam(t.current, t.Command)
	}
	return inbox.ReleaseFromAgent(t.current, t.Command)
}

// Release moves one conversation. It returns false if another server was faster,
// or if this server has not received the change yet.
func (s *Service) Release(ctx context.Context, e inbox.Offboarding, id inbox.ConversationID) (bool, error) {
	_, err := s.run.change(ctx, e.System(), Request{Conversation: id}, verb{
		name:  "empty",
		apply: func(_ context.Context, t *attempt) (inbox.Move, error) { return releaseOf(e, t), nil },
		verdict: func(a access.Access, c inbox.Conversation) access.Verdict {
			if holds(e, a, c) {
				return access.Allow()
			}
			return access.Refuse(access.DeniedByState, inbox.NotAssigned)
		},
	})
	switch inbox.CodeOf(err) {
	case "":
		return true, nil
	case inbox.NotAssigned, inbox.Conflict, inbox.NotFound:
		return false, nil
	default:
		return false, err
	}
}
