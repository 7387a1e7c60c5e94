package access

import (
	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// Verb is the one declaration of a verb: its name for callers and in events, who may
// do it, and what it does. Actions, Can and OwnershipChanges are made from all of
// them.
type Verb struct {
	Action inbox.Action
	// Kind is the event that the verb is recorded as; empty for one that makes no
	// ownership event of its own.
	Kind inbox.EventKind
	// Verdict is whether the caller may do it to c; see Judge.
	Verdict func(a Access, c inbox.Conversation) Verdict
	// Apply is the pure function; nil for a verb that needs more than the
	// conversation, such as whom to give it to.
	Apply func(c inbox.Conversation, t inbox.Command) inbox.Move
	// Changes are its rows of the table of ownership changes, without Action and
	// Kind; nil for none.
	Changes func() []OwnershipChange
}

// Judge is the verdict on the verb, with its action.
func (v Verb) Judge(a Access, c inbox.Conversation) Verdict {
	out := v.Verdict(a, c)
	out.Action = v.Action
	return out
}

// VerbOf finds the declaration of a verb; the zero Verb for an action that none has.
func VerbOf(action inbox.Action) Verb {
	for _, v := range Verbs() {
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
func Verbs() [15]Verb {
	return [...]Verb{
		{Action: inbox.ActionView, Verdict: canView},
		{Action: inbox.ActionReply, Verdict: canReply},
		{Action: inbox.ActionAssign, Kind: inbox.EventAssigned, Verdict: canAssign, Changes: assignChanges},
		{Action: inbox.ActionClaim, Kind: inbox.EventClaimed, Verdict: canClaim, Apply: inbox.Claim, Changes: claimChanges},
		{Action: inbox.ActionUnassign, Kind: inbox.EventUnassigned, Verdict: canUnassign, Apply: inbox.Unassign, Changes: unassignChanges},
		{Action: inbox.ActionTransfer, Kind: inbox.EventTransferred, Verdict: canTransfer, Changes: transferChanges},
		{Action: inbox.ActionTakeOver, Kind: inbox.EventTakenOver, Verdict: canTakeOver, Apply: inbox.TakeOver, Changes: takeOverChanges},
		{Action: inbox.ActionLeave, Kind: inbox.EventLeft, Verdict: canLeave, Apply: inbox.Leave},
		{Action: inbox.ActionClose, Kind: inbox.EventClosed, Verdict: CanClose, Apply: inbox.Close},
		{Action: inbox.ActionReopen, Kind: inbox.EventReopened, Verdict: canReopen},
		{Action: inbox.ActionMonitor, Verdict: canMonitor},
		{Action: inbox.ActionHandOff, Kind: inbox.EventHandedOff, Verdict: canHandOff},
		{Action: inbox.ActionReopenSend, Kind: inbox.EventReopened, Verdict: canReopenAndReply},
		{Action: inbox.ActionStartNew, Kind: inbox.EventCreated, Verdict: canStartNew},
		{Action: inbox.ActionReturn, Kind: inbox.EventReturnedToAI, Verdict: canReturn, Apply: inbox.ReturnToAgent, Changes: returnChanges},
	}
}

func claimChanges() []OwnershipChange {
	return []OwnershipChange{{Row: "O1", Before: HeldByNobody, After: HeldByMe, Permission: workspace.PermClaim}}
}

func assignChanges() []OwnershipChange {
	return []OwnershipChange{
		{Row: "O2", Before: HeldByNobody, After: HeldByOther, Permission: workspace.PermAssign},
		{Row: "O2", Before: HeldByNobody, After: HeldByTeam, Permission: workspace.PermAssign},
	}
}

func transferChanges() []OwnershipChange {
	return []OwnershipChange{
		{Row: "O3", Before: HeldByMe, After: HeldByOther, Permission: workspace.PermTransfer, Undo: true},
		{Row: "O3", Before: HeldByMe, After: HeldByTeam, Permission: workspace.PermTransfer, Undo: true},
		{Row: "O5", Before: HeldByOther, After: HeldByOther, Permission: workspace.PermTransfer, Allowed: transfersOthers, Undo: true},
		{Row: "O5", Before: HeldByOther, After: HeldByTeam, Permission: workspace.PermTransfer, Allowed: transfersOthers, Undo: true},
	}
}

func takeOverChanges() []OwnershipChange {
	return []OwnershipChange{{Row: "O4", Before: HeldByOther, After: HeldByMe, Permission: workspace.PermTakeover, Undo: true}}
}

func unassignChanges() []OwnershipChange {
	return []OwnershipChange{
		{Row: "O6", Before: HeldByMe, After: HeldByNobody},
		{Row: "O7", Before: HeldByOther, After: HeldByNobody, Permission: workspace.PermAssign, Allowed: unassignsOthers},
	}
}

func returnChanges() []OwnershipChange {
	return []OwnershipChange{
		{Row: "O8", Before: HeldByMe, After: HeldByAgent},
		{Row: "O8", Before: HeldByOther, After: HeldByAgent, Permission: workspace.PermAssign, Allowed: unassignsOthers},
		{Row: "O8", Before: HeldByNobody, After: HeldByAgent, Permission: workspace.PermAssign},
	}
}
