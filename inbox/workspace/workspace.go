package workspace

import "time"

// PlanName is a rung of the plan ladder of the policy in force.
type PlanName string

// Plan is a rung with its position from 0. Label is what people call it, and never
// empty; Description may be.
type Plan struct {
	Name               PlanName
	Rank               int
	Label, Description string
}

// Workspace is the tenant.
type Workspace struct {
	ID   WorkspaceID
	Name string
	Plan PlanName
	// TimeZone is an IANA name.
	TimeZone    string
	Rules       Rules
	CustomRoles []CustomRole
	// ReasonCodes are in the order in which they were made, archived ones included.
	ReasonCodes []ReasonCode
	// Handovers name the API keys that administrators gave the conversations of others to.
	Handovers Handovers
	// Demo marks a workspace whose tokens the token command may print.
	Demo bool
	// Rev grows by one with every change.
	Rev int
	// OffboardingSince is when a plan or a role took from members the right to own
	// conversations; zero when there is nothing to move.
	OffboardingSince time.Time
	// SuspendedSince is when an operator suspended the workspace; zero while it is
	// served.
	SuspendedSince time.Time
	// Sandbox marks a workspace to try things in, which can be put back to the demo's
	// state. It is set when the workspace is made, and never changes.
	Sandbox bool
	// ResettingSince is when a sandbox began to be put back; zero unless that is under
	// way. ResetAt is when it was last done.
	ResettingSince, ResetAt time.Time
}

// Resetting reports whether the workspace is being put back to the demo's state: until
// that is done it is not served.
func (w Workspace) Resetting() bool { return !w.ResettingSince.IsZero() }

// Suspended reports whether an operator suspended the workspace: nobody but the system
// may read or change anything in it.
func (w Workspace) Suspended() bool { return !w.SuspendedSince.IsZero() }

// RoleName names a preset role or one of the workspace's own.
type RoleName string

// PresetRole is a role of the policy. Label is what people call it, and never empty;
// Description may be.
type PresetRole struct {
	Name               RoleName
	Label, Description string
}

// CustomRole is a role that a workspace made.
type CustomRole struct {
	Name        RoleName
	Permissions []Permission
}
