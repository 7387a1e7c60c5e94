package desk

import (
	"context"
	"errors"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
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

// release is the verb by which e loses a conversation.
func (s *runner) release(e inbox.Offboarding) verb {
	return verb{
		name: "empty", declared: s.the(releaseOf(e)), asked: access.Asked{Holder: e},
		choose: func(_ context.Context, t *attempt) (access.Choice, error) {
			t.Reason = reasonOf(e, t.access)
			return access.Choice{}, nil
		},
	}
}

// Release moves one conversation. It returns false if another server was faster,
// or if this server has not received the change yet.
func (s *Service) Release(ctx context.Context, e inbox.Offboarding, id inbox.ConversationID) (bool, error) {
	_, err := s.run.change(ctx, e.System(), Request{Conversation: id}, s.run.release(e))
	switch inbox.CodeOf(err) {
	case "":
		return true, nil
	case inbox.NotAssigned, inbox.Conflict, inbox.NotFound:
		return false, nil
	default:
		return false, err
	}
}

// ReleaseEach is Release for conversations as they were just read, in a few transactions
// for all. It returns how many it moved; one that changed meanwhile is tried by itself.
func (s *Service) ReleaseEach(ctx context.Context, e inbox.Offboarding, all []inbox.Conversation) (int, error) {
	moved := 0
	errs, err := s.run.changeEach(ctx, e.System(), all, s.run.release(e))
	for i, refusal := range errs {
		ok := refusal == nil
		switch {
		case ok || inbox.CodeOf(refusal) == inbox.NotAssigned:
		case commit.IsLostRace(refusal) || inbox.CodeOf(refusal) == inbox.Conflict || inbox.CodeOf(refusal) == inbox.NotFound:
			ok, refusal = s.Release(ctx, e, all[i].ID)
			err = errors.Join(err, refusal)
		default:
			err = errors.Join(err, refusal)
		}
		if ok {
			moved++
		}
	}
	return moved, err
}
