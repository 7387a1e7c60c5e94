package inbox

// Holder is the owner of a conversation, relative to the actor.
type Holder string

// The holders. A team and an AI agent are holders only after a change: the team
// gives the conversation to a member or into its queue, and a conversation that its
// AI agent answers is unassigned.
const (
	HeldByNobody Holder = "NOBODY"
	HeldByMe     Holder = "ME"
	HeldByOther  Holder = "OTHER"
	HeldByTeam   Holder = "TEAM"
	HeldByAgent  Holder = "AI_AGENT"
)

// OwnershipChange is a row of the table of ownership changes: the requirements for
// bringing a conversation from one holder to another, the same for every verb. The
// plan feature is that of the permission.
type OwnershipChange struct {
	// Row is the number of the row in docs/behaviour.md.
	Row           string
	Before, After Holder
	// Action is the change's name in verdicts, Kind in events. Assignments to a
	// team that give the conversation to a member have kinds of their own.
	Action Action
	Kind   EventKind
	// Permission is asked in the scope of the conversation; empty for none.
	Permission PermAction
	// Allowed asks the workspace's rules beside it; nil for none.
	Allowed func(a Access, kind Kind) bool
	// Undo means that the author of the change may undo it. B:K5.
	Undo bool
}

// OwnershipChanges are all rows. Every verb, the assign panel, hand-offs, API keys
// and viewerCan read them; no other code defines the requirements of an ownership
// change. B:O1, B:O2, B:O3, B:O4, B:O5, B:O6, B:O7, B:O8
func OwnershipChanges() []OwnershipChange {
	return []OwnershipChange{
		{Row: "O1", Before: HeldByNobody, After: HeldByMe, Action: ActionClaim, Kind: EventClaimed, Permission: PermClaim},
		{Row: "O2", Before: HeldByNobody, After: HeldByOther, Action: ActionAssign, Kind: EventAssigned, Permission: PermAssign},
		{Row: "O2", Before: HeldByNobody, After: HeldByTeam, Action: ActionAssign, Kind: EventAssigned, Permission: PermAssign},
		{Row: "O3", Before: HeldByMe, After: HeldByOther, Action: ActionTransfer, Kind: EventTransferred, Permission: PermTransfer, Undo: true},
		{Row: "O3", Before: HeldByMe, After: HeldByTeam, Action: ActionTransfer, Kind: EventTransferred, Permission: PermTransfer, Undo: true},
		{Row: "O4", Before: HeldByOther, After: HeldByMe, Action: ActionTakeOver, Kind: EventTakenOver, Permission: PermTakeover, Undo: true},
		{Row: "O5", Before: HeldByOther, After: HeldByOther, Action: ActionTransfer, Kind: EventTransferred, Permission: PermTransfer, Allowed: Access.transfersOthers, Undo: true},
		{Row: "O5", Before: HeldByOther, After: HeldByTeam, Action: ActionTransfer, Kind: EventTransferred, Permission: PermTransfer, Allowed: Access.transfersOthers, Undo: true},
		{Row: "O6", Before: HeldByMe, After: HeldByNobody, Action: ActionUnassign, Kind: EventUnassigned},
		{Row: "O7", Before: HeldByOther, After: HeldByNobody, Action: ActionUnassign, Kind: EventUnassigned, Permission: PermAssign, Allowed: Access.unassignsOthers},
		{Row: "O8", Before: HeldByMe, After: HeldByAgent, Action: ActionReturn, Kind: EventReturnedToAI},
		{Row: "O8", Before: HeldByOther, After: HeldByAgent, Action: ActionReturn, Kind: EventReturnedToAI, Permission: PermAssign, Allowed: Access.unassignsOthers},
		{Row: "O8", Before: HeldByNobody, After: HeldByAgent, Action: ActionReturn, Kind: EventReturnedToAI, Permission: PermAssign},
	}
}

// ownershipChange finds the row; ok is false if the pair is not a change.
func ownershipChange(before, after Holder) (row OwnershipChange, ok bool) {
	for _, row := range OwnershipChanges() {
		if row.Before == before && row.After == after {
			return row, true
		}
	}
	return OwnershipChange{}, false
}

// namesOwner reports whether the change is one to an owner, as the assign panel
// makes it.
func (r OwnershipChange) namesOwner() bool { return r.After != HeldByNobody && r.After != HeldByAgent }

// undoable reports whether a change of that kind may be undone.
func (k EventKind) undoable() bool {
	for _, row := range OwnershipChanges() {
		if row.Kind == k && row.Undo {
			return true
		}
	}
	return false
}

// holder is the holder of c, relative to the caller.
func (a Access) holder(c Conversation) Holder {
	switch {
	case !c.Owned():
		return HeldByNobody
	case a.Principal.Actor.Kind == ActorMember && a.owns(c):
		return HeldByMe
	}
	return HeldByOther
}

// held is the holder that to names, relative to the caller.
func (a Access) held(to Owner) Holder {
	switch {
	case to.Team != "":
		return HeldByTeam
	case to.Member != "" && to.Member == a.Principal.Actor.Member():
		return HeldByMe
	}
	return HeldByOther
}

// transfersOthers applies rule transferActor to conversations of other members.
// B:T5
func (a Access) transfersOthers(kind Kind) bool {
	rule := a.Rules().TransferActor
	return rule == TransferByAnyone || rule == TransferByManagers && a.manages(kind)
}

// unassignsOthers applies rule unassign to conversations of other members. B:A6
func (a Access) unassignsOthers(kind Kind) bool {
	rule := a.Rules().Unassign
	return rule == UnassignByAnyone || rule != UnassignByAssignee && a.manages(kind)
}
