package desk

import (
	"context"
	"sync"
	"sync/atomic"

	"switchboard/inbox"
	"switchboard/inbox/access"
)

// bulkRun is one call under way.
type bulkRun struct {
	request BulkRequest
	by      inbox.Principal
	desk    *Service
	atOnce  int
	// keys is what the idempotency keys of the items begin with; empty for none.
	keys  string
	items []BulkItem
	// known are the conversations as the call found them, for a dry run and for a plan; nil
	// otherwise.
	known map[inbox.ConversationID]inbox.Conversation
	// done are the conversations that calls with the same key changed before.
	done   map[inbox.ConversationID]bool
	spread *bulkSpread // nil for other targets
	steps  bulkPlan    // nil for none
	faults atomic.Int32
	answer BulkAnswer
}

// all runs the items in the order of the plan, some at once, and begins no more once one of the
// channels is closed, ctx ends, or too many fail for another reason than a refusal. What
// was begun is finished.
func (r *bulkRun) all(ctx context.Context, late, stopped <-chan struct{}) {
	r.answer.Results = make([]BulkResult, len(r.items))
	var running sync.WaitGroup
	defer running.Wait()
	slots := make(chan struct{}, r.atOnce)
	sequence := r.steps.sequence(len(r.items))
	var now map[inbox.ConversationID]inbox.Conversation
	over := false
	for n, i := range sequence {
		if n%bulkAtOnce == 0 && !over {
			now = r.readNext(ctx, sequence[n:min(n+bulkAtOnce, len(sequence))])
		}
		item, now := r.items[i], now
		r.answer.Results[i] = BulkResult{BulkItem: item, Outcome: BulkNotTried}
		if r.request.DryRun && r.done[item.Conversation] { // there is nothing to plan
			continue
		}
		if over = over || !r.begins(ctx, slots, late, stopped); over {
			continue
		}
		to := r.target(i, item)
		if r.request.Verb.chooses() && to == (access.Owner{}) { // the plan did not get there
			<-slots
			continue
		}
		running.Go(func() {
			r.answer.Results[i] = r.one(ctx, i, item, to, now)
			<-slots
		})
	}
}

// begins waits until one more may begin.
func (r *bulkRun) begins(ctx context.Context, slots chan<- struct{}, late, stopped <-chan struct{}) bool {
	for _, over := range []<-chan struct{}{ctx.Done(), late, stopped} {
		select {
		case <-over:
			return false
		default:
		}
	}
	if int(r.faults.Load()) > bulkAtOnce {
		return false
	}
	select {
	case slots <- struct{}{}:
		return true
	case <-late:
	case <-stopped:
	case <-ctx.Done():
	}
	return false
}

// readNext reads the conversations that are next, together, shortly before they are acted on: a
// dry run has read all. An item reads its own if it is missing.
func (r *bulkRun) readNext(ctx context.Context, next []int) map[inbox.ConversationID]inbox.Conversation {
	if r.request.DryRun {
		return r.known
	}
	ids := make([]inbox.ConversationID, 0, len(next))
	for _, i := range next {
		ids = append(ids, r.items[i].Conversation)
	}
	now, err := r.desk.run.store.Conversations(ctx, r.by.Workspace, ids)
	if err != nil {
		return nil
	}
	return now
}

// one runs the verb on one conversation, of which now has the present state.
func (r *bulkRun) one(
	ctx context.Context, i int, item BulkItem, to access.Owner, now map[inbox.ConversationID]inbox.Conversation,
) BulkResult {
	if r.steps != nil {
		defer r.steps[i].end()
	}
	v, err := r.verb(to)
	if err != nil {
		return ended(item, r.request.Verb.Action, Outcome{}, err)
	}
	v = r.planned(i, v)
	if c, found := now[item.Conversation]; found {
		v.known = &c
	}
	result := r.run(ctx, item, v)
	if r.request.DryRun && r.spread != nil && result.Refusal != nil {
		r.spread.giveBack(to.Member, r.known[item.Conversation])
	}
	return result
}

func (r *bulkRun) run(ctx context.Context, item BulkItem, v verb) BulkResult {
	request := Request{Conversation: item.Conversation, ExpectedVersion: item.ExpectedVersion}
	request.ReasonCode, v.again = r.request.ReasonCode, r.done[item.Conversation]
	if r.keys != "" {
		request.Key = r.keys + digest(string(item.Conversation))
	}
	out, err := r.desk.run.change(ctx, r.by, request, v)
	if r.request.DryRun {
		out.Conversation = r.known[item.Conversation]
	}
	result := ended(item, r.request.Verb.Action, out, err)
	if result.Fault != nil {
		r.faults.Add(1)
	}
	return result
}

// verb is that of the call, to an owner. INVALID_INPUT for a note that it does not take.
func (r *bulkRun) verb(to access.Owner) (v verb, err error) {
	switch r.request.Verb.Action {
	case inbox.ActionAssign:
		v, err = r.desk.assigning(to, r.request.Note)
	case inbox.ActionTransfer:
		v, err = r.desk.transferring(to, r.request.Note, OfferWish{})
	case inbox.ActionClose:
		v, err = r.desk.closing(r.by, Closing{Note: r.request.Note})
	default:
		v = alone(r.desk.run.declared(inbox.ActionUnassign))
	}
	if r.request.Verb.SpreadOver != nil {
		v.args = []any{r.request.Verb.SpreadOver, v.note} // not whom it meets, which a repeat may choose otherwise
	}
	v.name, v.bulk = "bulk-"+v.name, r.answer.ID
	return v, err
}

// target is who shall get a conversation, which the plan says if there is one.
func (r *bulkRun) target(i int, item BulkItem) (to access.Owner) {
	switch {
	case r.spread == nil:
		return r.request.Verb.To
	case r.done[item.Conversation]: // the answer is whom it met
		to.Member = r.request.Verb.SpreadOver[0]
		return to
	case !r.request.DryRun:
		return r.steps[i].to
	}
	to.Member = r.spread.pick(r.known[item.Conversation])
	if r.steps != nil {
		r.steps[i].to = to
	}
	return to
}
