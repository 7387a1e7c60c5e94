package access

import "switchboard/inbox"

// Verb is the one declaration of a verb: its name for callers and in events, who may
// do it, and what it does. Actions, Can and OwnershipChanges are made from all of
// them, and every use case of inbox/desk judges and makes its change by one.
type Verb struct {
	Action inbox.Action
	// Kind is the event that the verb is recorded as, if what it is given does not
	// make it that of another verb, as taking over from nobody is a claim; empty for
	// one that makes no ownership event.
	Kind inbox.EventKind
	// Verdict is whether the caller may do it to c. The zero Asked is the question
	// in general, as viewerCan answers it; see Judge.
	Verdict func(a Access, c inbox.Conversation, r Asked) Verdict
	// Apply is the pure function; nil for a verb that changes nothing. t carries the
	// actor, the time and the rules, and w what the verb needs beyond them.
	Apply Apply
	// Changes are its rows of the table of ownership changes, without Action and
	// Kind; nil for none.
	Changes func() []OwnershipChange
}

// Judge is the verdict on the verb, with its action.
func (v Verb) Judge(a Access, c inbox.Conversation, r Asked) Verdict {
	out := v.Verdict(a, c, r)
	out.Action = v.Action
	return out
}

// VerbOf finds the declaration of a verb or of a step; the zero Verb for an action
// that none has.
func VerbOf(action inbox.Action) Verb {
	verbs := Verbs()
	if v := find(verbs[:], action); v.Action != "" {
		return v
	}
	steps := Steps()
	return find(steps[:], action)
}

func find(all []Verb, action inbox.Action) Verb {
	for _, v := range all {
		if v.Action == action {
			return v
		}
	}
	return Verb{}
}

// Actions lists every action, in the order in which the API answers them.
func Actions() []inbox.Action {
	all := Verbs()
	out := make([]inbox.Action, len(all))
	for i, v := range all {
		out[i] = v.Action
	}
	return out
}

// Verbs are all that a viewer can do to a conversation, in the order in which the API
// answers them. B:Z5
func Verbs() [20]Verb {
	return [...]Verb{
		{Action: inbox.ActionView, Verdict: plain(canView)},
		{Action: inbox.ActionReply, Verdict: canSay, Apply: send},
		{Action: inbox.ActionAssign, Kind: inbox.EventAssigned, Verdict: canGive, Apply: assign, Changes: assignChanges},
		{Action: inbox.ActionClaim, Kind: inbox.EventClaimed, Verdict: plain(canClaim), Apply: alone(inbox.Claim), Changes: claimChanges},
		{Action: inbox.ActionUnassign, Kind: inbox.EventUnassigned, Verdict: plain(canUnassign), Apply: alone(inbox.Unassign), Changes: unassignChanges},
		{Action: inbox.ActionTransfer, Kind: inbox.EventTransferred, Verdict: canTransfer, Apply: transfer, Changes: transferChanges},
		{Action: inbox.ActionTakeOver, Kind: inbox.EventTakenOver, Verdict: plain(canTakeOver), Apply: alone(inbox.TakeOver), Changes: takeOverChanges},
		{Action: inbox.ActionLeave, Kind: inbox.EventLeft, Verdict: plain(canLeave), Apply: alone(inbox.Leave)},
		{Action: inbox.ActionClose, Kind: inbox.EventClosed, Verdict: canClose, Apply: alone(inbox.Close)},
		{Action: inbox.ActionReopen, Kind: inbox.EventReopened, Verdict: canReopen, Apply: reopen},
		{Action: inbox.ActionMonitor, Verdict: plain(canMonitor)},
		{Action: inbox.ActionHandOff, Kind: inbox.EventHandedOff, Verdict: plain(canHandOff), Apply: handOff},
		{Action: inbox.ActionReopenSend, Kind: inbox.EventReopened, Verdict: plain(canReopenAndReply), Apply: reopen},
		{Action: inbox.ActionStartNew, Kind: inbox.EventCreated, Verdict: plain(canStartNew), Apply: create},
		{Action: inbox.ActionReturn, Kind: inbox.EventReturnedToAI, Verdict: plain(canReturn), Apply: alone(inbox.ReturnToAgent), Changes: returnChanges},
		{Action: inbox.ActionAccept, Kind: inbox.EventTransferred, Verdict: canAccept, Apply: alone(inbox.AcceptOffer)},
		{Action: inbox.ActionDecline, Kind: inbox.EventOfferDeclined, Verdict: canDecline, Apply: declineOffer},
		{Action: inbox.ActionWithdraw, Kind: inbox.EventOfferWithdrawn, Verdict: canWithdraw, Apply: alone(inbox.WithdrawOffer)},
		{Action: inbox.ActionSnooze, Kind: inbox.EventSnoozed, Verdict: canSnooze, Apply: snooze},
		{Action: inbox.ActionWake, Kind: inbox.EventWoken, Verdict: plain(canWake), Apply: wake},
	}
}
