package desk

import (
	"context"
	"fmt"

	"switchboard/inbox"
	"switchboard/inbox/commit"
)

// errKeepsNobody is a step that keeps an owner who may own the conversation no longer. It
// is a lost race: the step is decided again when the owner is let go.
var errKeepsNobody = fmt.Errorf("the owner may not own the conversation any longer: %w", commit.ErrStale)

// releaseFirst releases the conversation from its owner, as everything of a member is
// released who loses the right to it, with that reason and those notices: no other step may
// take it from the member in passing. The step is then to be decided again. B:E1
func (s *runner) releaseFirst(ctx context.Context, t *attempt) error {
	e := inbox.Offboarding{Workspace: t.current.Workspace, Member: t.current.Assignee}
	release := s.release(e)
	release.known = &t.current
	_, err := s.change(ctx, e.System(), Request{Conversation: t.current.ID}, release)
	if err != nil && inbox.CodeOf(err) != inbox.NotAssigned && unlessGone(err) != nil {
		return err
	}
	return errKeepsNobody
}
