package store

import (
	"time"

	"switchboard/inbox"
)

// The documents of the directory have the fields of the domain's types, so that
// they convert and a new field does not compile until it has a name here.

type workspaceDoc struct {
	ID          inbox.WorkspaceID `bson:"_id"`
	Name        string            `bson:"name"`
	Plan        inbox.PlanName    `bson:"plan"`
	TimeZone    string            `bson:"timeZone"`
	Rules       rulesDoc          `bson:"rules"`
	CustomRoles []customRoleDoc   `bson:"customRoles,omitempty"`
	Demo        bool              `bson:"demo"`
	Rev         int               `bson:"rev"`

	EmptyingSince time.Time `bson:"emptyingSince,omitempty"`
}

type customRoleDoc struct {
	Name        inbox.RoleName  `bson:"name"`
	Permissions []permissionDoc `bson:"permissions,omitempty"`
}

type permissionDoc struct {
	Kind   inbox.Kind       `bson:"kind"`
	Action inbox.PermAction `bson:"action"`
	Scope  inbox.Scope      `bson:"scope"`
}

type memberDoc struct {
	ID              inbox.MemberID     `bson:"_id"`
	Workspace       inbox.WorkspaceID  `bson:"workspace"`
	Subject         string             `bson:"subject"`
	Name            string             `bson:"name"`
	Email           string             `bson:"email"`
	Avatar          string             `bson:"avatar"`
	Roles           []inbox.RoleName   `bson:"roles,omitempty"`
	Teams           []inbox.TeamID     `bson:"teams,omitempty"`
	MaxAutoAssigned *int               `bson:"maxAutoAssigned,omitempty"`
	Availability    inbox.Availability `bson:"availability"`
	// Turned has the names of its fields in lower case.
	Turned        inbox.AvailabilityChange `bson:"turned"`
	OnlineSince   time.Time                `bson:"onlineSince"`
	Rev           int                      `bson:"rev"`
	Removed       bool                     `bson:"removed"`
	EmptyingSince time.Time                `bson:"emptyingSince,omitempty"` // omitted so that the index skips it
}

type teamDoc struct {
	ID              inbox.TeamID      `bson:"_id"`
	Workspace       inbox.WorkspaceID `bson:"workspace"`
	Name            string            `bson:"name"`
	Method          inbox.Method      `bson:"method"`
	MaxAutoAssigned *int              `bson:"maxAutoAssigned,omitempty"`
	Rev             int               `bson:"rev"`
	Removed         bool              `bson:"removed"`
	EmptyingSince   time.Time         `bson:"emptyingSince,omitempty"`
}

type agentDoc struct {
	ID        inbox.AgentID     `bson:"_id"`
	Workspace inbox.WorkspaceID `bson:"workspace"`
	Name      string            `bson:"name"`
	Email     string            `bson:"email"`
	Subject   string            `bson:"subject"`
	Rev       int               `bson:"rev"`
	Removed   bool              `bson:"removed"`

	EmptyingSince time.Time `bson:"emptyingSince,omitempty"`
}

type directoryChangeDoc struct {
	Workspace *workspaceDoc `bson:"workspace,omitempty"`
	Member    *memberDoc    `bson:"member,omitempty"`
	Team      *teamDoc      `bson:"team,omitempty"`
	Agent     *agentDoc     `bson:"agent,omitempty"`
	Key       *apiKeyDoc    `bson:"apiKey,omitempty"`
}

func directoryChangeToDoc(c *inbox.DirectoryChange) *directoryChangeDoc {
	if c == nil {
		return nil
	}
	d := &directoryChangeDoc{Member: (*memberDoc)(c.Member), Team: (*teamDoc)(c.Team), Agent: (*agentDoc)(c.Agent)}
	if c.Workspace != nil {
		w := workspaceToDoc(*c.Workspace)
		d.Workspace = &w
	}
	if c.Key != nil {
		k := apiKeyToDoc(*c.Key)
		d.Key = &k
	}
	return d
}

func (d *directoryChangeDoc) change() *inbox.DirectoryChange {
	if d == nil {
		return nil
	}
	c := &inbox.DirectoryChange{Member: (*inbox.Member)(d.Member), Team: (*inbox.Team)(d.Team), Agent: (*inbox.AIAgent)(d.Agent)}
	if d.Workspace != nil {
		w := d.Workspace.workspace()
		c.Workspace = &w
	}
	if d.Key != nil {
		k := d.Key.key()
		c.Key = &k
	}
	return c
}

func workspaceToDoc(w inbox.Workspace) workspaceDoc {
	d := workspaceDoc{
		ID: w.ID, Name: w.Name, Plan: w.Plan, TimeZone: w.TimeZone, Rules: rulesDoc(w.Rules), Demo: w.Demo, Rev: w.Rev,
		EmptyingSince: w.EmptyingSince,
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

func (d workspaceDoc) workspace() inbox.Workspace {
	w := inbox.Workspace{
		ID: d.ID, Name: d.Name, Plan: d.Plan, TimeZone: d.TimeZone, Rules: d.Rules.rules(), Demo: d.Demo, Rev: d.Rev,
		EmptyingSince: d.EmptyingSince,
	}
	for _, r := range d.CustomRoles {
		role := inbox.CustomRole{Name: r.Name}
		for _, p := range r.Permissions {
			role.Permissions = append(role.Permissions, inbox.Permission(p))
		}
		w.CustomRoles = append(w.CustomRoles, role)
	}
	return w
}
