package desk

import (
	"context"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// strands reports whether r is what a contact writes to a member who is OFFLINE and from
// whom rule reclaimOffline takes the conversation then. B:R1
func (s *Messages) strands(t *attempt, r SendRequest) bool {
	return t.By.Kind == workspace.ActorContact && !r.Internal && access.OwnerAbsent(t.access, t.current)
}

// writeStranded writes r and takes the conversation from its owner, in one transaction.
func (s *Messages) writeStranded(ctx context.Context, t *attempt, r SendRequest, key inbox.IdempotencyKey) (Sent, error) {
	by := inbox.Command{By: workspace.System(), Rules: t.Rules, Reason: string(inbox.ReclaimOwnerOffline)}
	return s.writeStep(ctx, t, r, key, access.StepReclaimOffline, by)
}

// answersInTime reports whether r is the answer of a member from whom the rules have just
// taken the conversation. B:R1
func (s *Messages) answersInTime(t *attempt, r SendRequest) bool {
	return !r.Internal && access.AnswersInTime(t.access, t.current, s.base.Clock())
}

// writeStep writes r with a step of the rules, in one transaction.
func (s *Messages) writeStep(
	ctx context.Context, t *attempt, r SendRequest, key inbox.IdempotencyKey, action inbox.Action, by inbox.Command,
) (Sent, error) {
	t.warnings, t.At, by.At = nil, s.base.Clock(), s.base.Clock()
	defer t.letGo()
	step := s.run.declared(action)
	if err := t.access.Refusal(t.current, step.Judge(t.access, t.current, access.Asked{Inbound: true, At: t.At})); err != nil {
		return Sent{}, err
	}
	return s.concludeSend(ctx, t, step.Apply(t.current, by, access.Choice{Messages: []inbox.Message{r.message(t.By)}}), key)
}
