package desk

import (
	"context"

	"switchboard/inbox"
	"switchboard/inbox/access"
)

// releaseOf is the step by which e loses a conversation.
func releaseOf(e inbox.Offboarding) inbox.Action {
	switch {
	case e.Member != "":
		return access.StepReleaseFromMember
	case e.Team != "":
		return access.StepReleaseFromTeam
	}
	return access.StepReleaseFromAgent
}

// reasonOf is why a member lost a conversation; the other steps name their own.
func reasonOf(e inbox.Offboarding, a access.Access) string {
	if _, ok := a.Directory.Member(e.Member); ok {
		return inbox.ReasonNotLiveAgent
	}
	return inbox.ReasonMemberRemoved
}

// Release moves one conversation. It returns false if another server was faster,
// or if this server has not received the change yet.
func (s *Service) Release(ctx context.Context, e inbox.Offboarding, id inbox.ConversationID) (bool, error) {
	_, err := s.run.change(ctx, e.System(), Request{Conversation: id}, verb{
		name: "empty", declared: s.run.the(releaseOf(e)), asked: access.Asked{Holder: e},
		choose: func(_ context.Context, t *attempt) (access.Choice, error) {
			t.Reason = reasonOf(e, t.access)
			return access.Choice{}, nil
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
