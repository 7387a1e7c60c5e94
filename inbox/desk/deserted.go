package desk

import (
	"context"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// takeFromDeserter takes c, which was just written to by its contact or given by the rules,
// from an owner who was OFFLINE by then, if rule reclaimOffline says so. Another server may
// have turned the owner, and this one not have heard of it when it decided. The store is
// asked behind the commit, so that no order of the two leaves the contact with nobody; a
// member who goes OFFLINE later is not meant. What fails here leaves c as it was committed:
// the next message of the contact decides again. B:R1
func (s *runner) takeFromDeserter(ctx context.Context, a access.Access, c inbox.Conversation) {
	owner := c.CountsFor()
	if c.AwaitingReplySince.IsZero() || !access.TakesFromAbsent(a, c) || access.OwnerAbsent(a, c) {
		return
	}
	system := inbox.Principal{Workspace: c.Workspace, Actor: workspace.System()}
	now, err := s.callers.AccessBeside(ctx, system, owner)
	if err != nil || !access.OwnerAbsent(now, c) {
		return
	}
	_, _ = s.change(ctx, system, Request{Conversation: c.ID}, verb{
		name: "reclaim", declared: s.the(access.StepReclaimOffline), asked: access.Asked{Deserted: true},
		known: &c, reason: string(inbox.ReclaimOwnerOffline),
	})
}
