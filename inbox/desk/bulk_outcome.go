package desk

import (
	"errors"

	"switchboard/inbox"
)

// BulkOutcome is how one item of a call with many conversations ended.
type BulkOutcome string

// The outcomes.
const (
	// BulkDone is an item whose verb was done.
	BulkDone BulkOutcome = "DONE"
	// BulkQueued is one that was done, and for which nobody was found: it waits.
	BulkQueued BulkOutcome = "QUEUED"
	// BulkOffered is one that its target has to accept: its owner did not change.
	BulkOffered BulkOutcome = "OFFERED"
	// BulkUnchanged is one that the verb refuses because it is so already, and one that
	// stays with its owner because nobody could be asked to accept it.
	BulkUnchanged BulkOutcome = "UNCHANGED"
	// BulkRefused is one that the verb refuses.
	BulkRefused BulkOutcome = "REFUSED"
	// BulkNotTried is one that was not begun, or of which it is not known how it ended.
	BulkNotTried BulkOutcome = "NOT_TRIED"
)

// bulkOutcomes says what an event that a call made is for the caller: the first row that
// fits. Every other event is BulkDone.
func bulkOutcomes() []struct {
	kind    inbox.EventKind
	waits   bool // for nobody was found
	outcome BulkOutcome
} {
	return []struct {
		kind    inbox.EventKind
		waits   bool
		outcome BulkOutcome
	}{
		{inbox.EventOffered, false, BulkOffered},
		{inbox.EventQueued, true, BulkQueued},
		{inbox.EventTransferred, true, BulkQueued},
		{inbox.EventOfferExpired, true, BulkQueued},
		{inbox.EventOfferExpired, false, BulkUnchanged},
	}
}

// outcomeOf is the outcome of an item whose verb made e.
func outcomeOf(e inbox.Event) BulkOutcome {
	for _, row := range bulkOutcomes() {
		if row.kind == e.Kind && row.waits == (e.To.Assignee == "") {
			return row.outcome
		}
	}
	return BulkDone
}

// refusedAs is the outcome of an item that action refuses.
func refusedAs(action inbox.Action, refusal *inbox.Error) BulkOutcome {
	so := map[inbox.Action]inbox.Code{
		inbox.ActionClose: inbox.ConversationClosed, inbox.ActionUnassign: inbox.NotAssigned,
		inbox.ActionAssign: inbox.AlreadyAssignee,
	}
	if refusal.Target == inbox.TargetCurrent || refusal.Code == so[action] {
		return BulkUnchanged
	}
	return BulkRefused
}

// ended is the result of an item of which the verb returned out and err.
func ended(item BulkItem, action inbox.Action, out Outcome, err error) BulkResult {
	var refusal *inbox.Error
	switch {
	case err == nil:
		return BulkResult{BulkItem: item, Outcome: outcomeOf(out.Event), Done: out}
	case errors.As(err, &refusal) && refusal.Code != inbox.Unavailable:
		return BulkResult{BulkItem: item, Outcome: refusedAs(action, refusal), Refusal: err}
	}
	return BulkResult{BulkItem: item, Outcome: BulkNotTried, Fault: err}
}
