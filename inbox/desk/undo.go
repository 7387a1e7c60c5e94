package desk

import (
	"context"
	"fmt"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// Undo takes back a transfer or takeover of the caller, who must still hold the
// right to it. TARGET_NOT_PERMITTED when the former owner may not own the
// conversation any longer. B:K5.
func (s *Service) Undo(ctx context.Context, p inbox.Principal, event inbox.EventID, key string) (Outcome, error) {
	e, err := s.store.Event(ctx, p.Workspace, event)
	if err != nil {
		return Outcome{}, err
	}
	if e.Conversation == "" {
		return Outcome{}, inbox.Missing("event")
	}
	return s.run.change(ctx, p, Request{Conversation: e.Conversation, Key: key}, verb{
		name: "undo", args: event, declared: s.run.the(access.StepUndo), asked: access.Asked{Event: e},
		choose: func(_ context.Context, t *attempt) (access.Choice, error) { return t.undo(e) },
	})
}

// undo asks whether e can be undone, and whether its former owner may still own
// the conversation.
func (t *attempt) undo(e inbox.Event) (access.Choice, error) {
	if err := access.Undoable(t.current, e, t.By, t.At, t.Rules); err != nil {
		return access.Choice{}, err
	}
	if owner := e.From.Assignee; owner != "" && !t.access.MayOwn(owner, t.current.Kind) {
		return access.Choice{}, formerOwnerRefused(t.access, owner)
	}
	return access.Choice{Event: e}, nil
}

// formerOwnerRefused is the answer to an undo whose former owner may not own the
// conversation any longer.
func formerOwnerRefused(a access.Access, owner workspace.MemberID) *inbox.Error {
	reason, what := inbox.TargetNotMember, "is no longer in the workspace"
	if _, ok := a.Directory.Member(owner); ok {
		reason, what = inbox.TargetNotLiveAgent, "may no longer own conversations of this kind"
	}
	return &inbox.Error{
		Code: inbox.TargetNotPermitted, Target: reason, Field: []string{"eventId"},
		Message: fmt.Sprintf("%s %s, so this cannot be undone. Give the conversation to somebody who may reply to it.", a.NameOf(owner), what),
	}
}
