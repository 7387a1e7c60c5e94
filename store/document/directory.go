package document

import (
	"time"

	"switchboard/inbox/workspace"
)

// The documents of the directory have the fields of the domain's types, so that they
// convert, and a new field does not compile until it has a name here.

// Workspace is a workspace with its rules and custom roles.
type Workspace struct {
	ID          workspace.WorkspaceID `bson:"_id"`
	Name        string                `bson:"name"`
	Plan        workspace.PlanName    `bson:"plan"`
	TimeZone    string                `bson:"timeZone"`
	Rules       rulesDoc              `bson:"rules"`
	CustomRoles []customRoleDoc       `bson:"customRoles,omitempty"`
	Demo        bool                  `bson:"demo"`
	Rev         int                   `bson:"rev"`

	OffboardingSince time.Time `bson:"emptyingSince,omitempty"`
	SuspendedSince   time.Time `bson:"suspendedSince,omitempty"`
}

type customRoleDoc struct {
	Name        workspace.RoleName `bson:"name"`
	Permissions []permissionDoc    `bson:"permissions,omitempty"`
}

type permissionDoc struct {
	Kind   workspace.Kind       `bson:"kind"`
	Action workspace.PermAction `bson:"action"`
	Scope  workspace.Scope      `bson:"scope"`
}

// Member is a member of a workspace, also a removed one.
type Member struct {
	ID              workspace.MemberID     `bson:"_id"`
	Workspace       workspace.WorkspaceID  `bson:"workspace"`
	Subject         string                 `bson:"subject"`
	Name            string                 `bson:"name"`
	Email           string                 `bson:"email"`
	Avatar          string                 `bson:"avatar"`
	Roles           []workspace.RoleName   `bson:"roles,omitempty"`
	Teams           []workspace.TeamID     `bson:"teams,omitempty"`
	MaxAutoAssigned *int                   `bson:"maxAutoAssigned,omitempty"`
	Availability    workspace.Availability `bson:"availability"`
	// Turned has the names of its fields in lower case.
	Turned           workspace.AvailabilityChange `bson:"turned"`
	OnlineSince      time.Time                    `bson:"onlineSince"`
	Rev              int                          `bson:"rev"`
	Removed          bool                         `bson:"removed"`
	OffboardingSince time.Time                    `bson:"emptyingSince,omitempty"` // omitted so that the index skips it
}

// Team is a team of a workspace, also a removed one.
type Team struct {
	ID               workspace.TeamID      `bson:"_id"`
	Workspace        workspace.WorkspaceID `bson:"workspace"`
	Name             string                `bson:"name"`
	Method           workspace.Method      `bson:"method"`
	MaxAutoAssigned  *int                  `bson:"maxAutoAssigned,omitempty"`
	Rev              int                   `bson:"rev"`
	Removed          bool                  `bson:"removed"`
	OffboardingSince time.Time             `bson:"emptyingSince,omitempty"`
}

// Agent is an AI agent of a workspace, also a removed one.
type Agent struct {
	ID        workspace.AgentID     `bson:"_id"`
	Workspace workspace.WorkspaceID `bson:"workspace"`
	Name      string                `bson:"name"`
	Email     string                `bson:"email"`
	Subject   string                `bson:"subject"`
	Rev       int                   `bson:"rev"`
	Removed   bool                  `bson:"removed"`

	OffboardingSince time.Time `bson:"emptyingSince,omitempty"`
}

type directoryChangeDoc struct {
	Workspace *Workspace `bson:"workspace,omitempty"`
	Member    *Member    `bson:"member,omitempty"`
	Team      *Team      `bson:"team,omitempty"`
	Agent     *Agent     `bson:"agent,omitempty"`
	Key       *APIKey    `bson:"apiKey,omitempty"`
}

func directoryChangeToDoc(c *workspace.DirectoryChange) *directoryChangeDoc {
	if c == nil {
		return nil
	}
	d := &directoryChangeDoc{Member: (*Member)(c.Member), Team: (*Team)(c.Team), Agent: (*Agent)(c.Agent)}
	if c.Workspace != nil {
		w := OfWorkspace(*c.Workspace)
		d.Workspace = &w
	}
	if c.Key != nil {
		k := OfAPIKey(*c.Key)
		d.Key = &k
	}
	return d
}

func (d *directoryChangeDoc) change() *workspace.DirectoryChange {
	if d == nil {
		return nil
	}
	c := &workspace.DirectoryChange{Member: (*workspace.Member)(d.Member), Team: (*workspace.Team)(d.Team), Agent: (*workspace.AIAgent)(d.Agent)}
	if d.Workspace != nil {
		w := d.Workspace.Workspace()
		c.Workspace = &w
	}
	if d.Key != nil {
		k := d.Key.Key()
		c.Key = &k
	}
	return c
}

// OfWorkspace is the document of w. Members, teams and AI agents convert by
// themselves.
func OfWorkspace(w workspace.Workspace) Workspace {
	d := Workspace{
		ID: w.ID, Name: w.Name, Plan: w.Plan, TimeZone: w.TimeZone, Rules: rulesDoc(w.Rules), Demo: w.Demo, Rev: w.Rev,
		OffboardingSince: w.OffboardingSince, SuspendedSince: w.SuspendedSince,
	}
	for _, r := range w.CustomRoles {
		role := customRoleDoc{Name: r.Name}
		for _, p := range r.Permissions {
			role.Permissions = append(role.Permissions, permissionDoc(p))
		}
		d.CustomRoles = append(d.CustomRoles, role)
	}
	return d
}

// Workspace is the workspace of the document. Rules that are not stored have their
// defaults.
func (d Workspace) Workspace() workspace.Workspace {
	w := workspace.Workspace{
		ID: d.ID, Name: d.Name, Plan: d.Plan, TimeZone: d.TimeZone, Rules: d.Rules.rules(), Demo: d.Demo, Rev: d.Rev,
		OffboardingSince: d.OffboardingSince, SuspendedSince: d.SuspendedSince,
	}
	for _, r := range d.CustomRoles {
		role := workspace.CustomRole{Name: r.Name}
		for _, p := range r.Permissions {
			role.Permissions = append(role.Permissions, workspace.Permission(p))
		}
		w.CustomRoles = append(w.CustomRoles, role)
	}
	return w
}
