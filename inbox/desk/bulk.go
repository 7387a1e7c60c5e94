package desk

import (
	"context"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/inbox/shelf"
	"switchboard/inbox/workspace"
)

// MaxBulk is how many conversations one call may act on.
const MaxBulk = 500

// bulkAtOnce is how many items of a call are under way at once, and bulkTime how long a
// call begins new ones.
const (
	bulkAtOnce = 16
	bulkTime   = 20 * time.Second
)

// BulkRequest is one verb for many conversations. Items or View is set.
type BulkRequest struct {
	Items []BulkItem
	// View is what the first MaxBulk conversations are taken of, once, in Order.
	View  *access.View
	Order access.Order
	Verb  BulkVerb
	// Note is that of the single verb; UNASSIGN has none.
	Note string
	// ReasonCode is that of the single verb; empty for none.
	ReasonCode workspace.ReasonCodeID
	// DryRun decides and writes nothing.
	DryRun bool
	// Key makes a repeat finish what the first call began; empty for none.
	Key string
}

// BulkItem names one conversation.
type BulkItem struct {
	Conversation    inbox.ConversationID
	ExpectedVersion *int
}

// BulkVerb is what to do with each: ASSIGN or TRANSFER to To, or to members of
// SpreadOver, CLOSE or UNASSIGN. SpreadAgent is an AI agent that was named among them,
// which is refused.
type BulkVerb struct {
	Action      inbox.Action
	To          access.Owner
	SpreadOver  []workspace.MemberID
	SpreadAgent workspace.AgentID
}

// BulkResult is how one item ended.
type BulkResult struct {
	BulkItem
	Outcome BulkOutcome
	// Done is the result of the verb when it was done, or would be in a dry run, whose
	// Conversation is as it is now.
	Done Outcome
	// Refusal is what the single verb gives; nil for what was done or not tried. Fault is
	// why something was begun and not finished.
	Refusal, Fault error
}

// BulkAnswer has the results of a call in the order of its items.
type BulkAnswer struct {
	// ID is what the events of the call carry; empty for a dry run.
	ID      inbox.BulkID
	Results []BulkResult
	// More says that the view holds further conversations.
	More bool
}

// Bulk runs one verb on many conversations.
type Bulk struct {
	callers *access.Callers
	base    *commit.Base
	store   Store
	shelf   *shelf.Service
	desk    *Service
	turns   bulkTurns
	stopped <-chan struct{}
}

// Act runs the verb of r on each conversation as a verb of its own: with its own
// transaction, decision, event and version. An item that fails stops no other. It returns
// INVALID_INPUT, TARGET_NOT_PERMITTED, PERMISSION_DENIED or UNAVAILABLE for a call of
// which nothing was begun. B:G1
func (b *Bulk) Act(ctx context.Context, p inbox.Principal, r BulkRequest) (BulkAnswer, error) {
	if err := r.check(); err != nil {
		return BulkAnswer{}, err
	}
	a, err := b.callers.Access(ctx, p)
	if err != nil {
		return BulkAnswer{}, err
	}
	if err := a.ViewsAny(); err != nil {
		return BulkAnswer{}, err
	}
	run, err := b.prepare(ctx, a, r)
	if err != nil {
		return BulkAnswer{}, err
	}
	begin, cancel := context.WithTimeout(ctx, bulkTime)
	defer cancel()
	leave, err := b.turns.enter(begin, p.Workspace)
	if err != nil {
		return BulkAnswer{}, err
	}
	defer leave()
	run.plan(ctx, begin, b.stopped)
	run.all(ctx, begin.Done(), b.stopped)
	return run.answer, nil
}

// prepare takes the conversations of the call, once, and checks what all items share.
func (b *Bulk) prepare(ctx context.Context, a access.Access, r BulkRequest) (*bulkRun, error) {
	run := &bulkRun{request: r, by: a.Principal, desk: b.desk, atOnce: bulkAtOnce}
	if err := b.name(run); err != nil {
		return nil, err
	}
	if _, err := run.verb(access.Owner{}); err != nil {
		return nil, err
	}
	var err error
	if run.items, run.answer.More, err = b.items(ctx, a, run); err != nil {
		return nil, err
	}
	if err := b.readAhead(ctx, a, run); err != nil {
		return nil, err
	}
	if r.DryRun {
		run.desk, run.atOnce = b.desk.rehearsing(run.seed()), 1
	}
	return run, nil
}

// readAhead reads what the call decides by beside each conversation as it is then.
func (b *Bulk) readAhead(ctx context.Context, a access.Access, run *bulkRun) (err error) {
	if !run.request.DryRun && !run.request.Verb.chooses() {
		return nil
	}
	ids := make([]inbox.ConversationID, 0, len(run.items))
	for _, item := range run.items {
		ids = append(ids, item.Conversation)
	}
	run.known, err = b.store.Conversations(ctx, a.Principal.Workspace, ids)
	if err != nil || run.request.Verb.SpreadOver == nil {
		return err
	}
	run.spread, err = b.newSpread(ctx, a, run.request.Verb)
	return err
}
