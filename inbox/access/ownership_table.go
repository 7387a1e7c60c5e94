package access

import (
	"slices"
	"strings"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

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
	Action inbox.Action
	Kind   inbox.EventKind
	// Permission is asked in the scope of the conversation; empty for none.
	Permission workspace.PermAction
	// Allowed asks the workspace's rules beside it; nil for none.
	Allowed func(a Access, kind workspace.Kind) bool
	// Undo means that the author of the change may undo it. B:K5.
	Undo bool
}

// OwnershipChanges are the rows of all verbs, in the order of the specification. Every
// verb, the assign panel, hand-offs, API keys and viewerCan read them; nothing else
// says what a change of ownership asks.
// B:O1, B:O2, B:O3, B:O4, B:O5, B:O6, B:O7, B:O8
func OwnershipChanges() []OwnershipChange {
	var out []OwnershipChange
	for _, v := range Verbs() {
		if v.Changes == nil {
			continue
		}
		for _, row := range v.Changes() {
			row.Action, row.Kind = v.Action, v.Kind
			out = append(out, row)
		}
	}
	slices.SortStableFunc(out, func(x, y OwnershipChange) int { return strings.Compare(x.Row, y.Row) })
	return out
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

// NamesOwner reports whether the change is one to an owner, as the assign panel
// makes it.
func (r OwnershipChange) NamesOwner() bool { return r.After != HeldByNobody && r.After != HeldByAgent }

// undoable reports whether a change of that kind may be undone.
func undoable(k inbox.EventKind) bool {
	for _, row := range OwnershipChanges() {
		if row.Kind == k && row.Undo {
			return true
		}
	}
	return false
}

// Holder is the holder of c, relative to the caller.
func (a Access) Holder(c inbox.Conversation) Holder {
	switch {
	case !c.Owned():
		return HeldByNobody
	case a.Principal.Actor.Kind == workspace.ActorMember && a.owns(c):
		return HeldByMe
	}
	return HeldByOther
}

// Held is the holder that to names, relative to the caller.
func (a Access) Held(to Owner) Holder {
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
func transfersOthers(a Access, kind workspace.Kind) bool {
	rule := a.Rules().TransferActor
	return rule == workspace.TransferByAnyone || rule == workspace.TransferByManagers && a.manages(kind)
}

// unassignsOthers applies rule unassign to conversations of other members. B:A6
func unassignsOthers(a Access, kind workspace.Kind) bool {
	rule := a.Rules().Unassign
	return rule == workspace.UnassignByAnyone || rule != workspace.UnassignByAssignee && a.manages(kind)
}
