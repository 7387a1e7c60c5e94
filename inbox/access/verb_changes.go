package access

import "switchboard/inbox/workspace"

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
