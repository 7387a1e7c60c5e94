package inbox

import (
	"context"
	"fmt"
)

// Undo takes back a transfer or takeover of the caller, who must still hold the
// right to it. TARGET_NOT_PERMITTED when the former owner may not own the
// conversation any longer. B:K5.
func (s *Service) Undo(ctx context.Context, p Principal, event EventID, key string) (Outcome, error) {
	e, err := s.store.Event(ctx, p.Workspace, event)
	if err != nil {
		return Outcome{}, err
	}
	if e.Conversation == "" {
		return Outcome{}, Missing("event")
	}
	return s.change(ctx, p, Request{Conversation: e.Conversation, Key: key}, verb{
		name: "undo", args: event,
		verdict: func(a Access, c Conversation) Verdict { return a.canUndo(c, e) },
		apply:   func(_ context.Context, t *turn) (Move, error) { return t.undo(e) },
	})
}

// undo asks whether e can be undone, and whether its former owner may still own
// the conversation.
func (t *turn) undo(e Event) (Move, error) {
	if err := Undoable(t.current, e, t.By, t.At, t.Rules); err != nil {
		return Move{}, err
	}
	if owner := e.From.Assignee; owner != "" && !t.access.mayOwn(owner, t.current.Kind) {
		return Move{}, t.access.formerOwnerRefused(owner)
	}
	return Undo(t.current, e, t.Turn), nil
}

// formerOwnerRefused is the answer to an undo whose former owner may not own the
// conversation any longer.
func (a Access) formerOwnerRefused(owner MemberID) *Error {
	reason, what := TargetNotMember, "is no longer in the workspace"
	if _, ok := a.Directory.Member(owner); ok {
		reason, what = TargetNotLiveAgent, "may no longer own conversations of this kind"
	}
	return &Error{
		Code: TargetNotPermitted, Target: reason, Field: []string{"eventId"},
		Message: fmt.Sprintf("%s %s, so this cannot be undone. Give the conversation to somebody who may reply to it.", a.nameOf(owner), what),
	}
}
