package document

import (
	"maps"
	"slices"
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
	ReasonCodes []reasonCodeDoc       `bson:"reasonCodes,omitempty"`
	Handovers   []handoverDoc         `bson:"handovers,omitempty"`
	Demo        bool                  `bson:"demo"`
	Rev         int                   `bson:"rev"`

	OffboardingSince time.Time `bson:"emptyingSince,omitempty"`
	SuspendedSince   time.Time `bson:"suspendedSince,omitempty"`
	Sandbox          bool      `bson:"sandbox,omitempty"`
	ResettingSince   time.Time `bson:"resettingSince,omitempty"`
	ResetAt          time.Time `bson:"resetAt,omitempty"`
}

type customRoleDoc struct {
	Name        workspace.RoleName `bson:"name"`
	Permissions []permissionDoc    `bson:"permissions,omitempty"`
}

// reasonCodeDoc has the fields of workspace.ReasonCode.
type reasonCodeDoc struct {
	ID       workspace.ReasonCodeID `bson:"id"`
	Name     string                 `bson:"name"`
	Usage    workspace.ReasonUsage  `bson:"usage"`
	Archived bool                   `bson:"archived"`
	Rev      int                    `bson:"rev"`
}

// handoverDoc is one of workspace.Handovers. From is empty for conversations that no key
// began, which no field of a document can be named by.
type handoverDoc struct {
	From workspace.KeyID `bson:"from"`
	To   workspace.KeyID `bson:"to"`
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
	Webhook   *Webhook   `bson:"webhook,omitempty"`
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
	if c.Webhook != nil {
		w := OfWebhook(*c.Webhook)
		d.Webhook = &w
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
	if d.Webhook != nil {
		w := d.Webhook.Webhook()
		c.Webhook = &w
	}
	return c
}

// OfWorkspace is the document of w. Members, teams and AI agents convert by
// themselves.
func OfWorkspace(w workspace.Workspace) Workspace {
	d := Workspace{
		ID: w.ID, Name: w.Name, Plan: w.Plan, TimeZone: w.TimeZone, Rules: rulesDoc(w.Rules), Demo: w.Demo, Rev: w.Rev,
		OffboardingSince: w.OffboardingSince, SuspendedSince: w.SuspendedSince,
		Sandbox: w.Sandbox, ResettingSince: w.ResettingSince, ResetAt: w.ResetAt,
	}
	for _, r := range w.CustomRoles {
		role := customRoleDoc{Name: r.Name}
		for _, p := range r.Permissions {
			role.Permissions = append(role.Permissions, permissionDoc(p))
		}
		d.CustomRoles = append(d.CustomRoles, role)
	}
	for _, c := range w.ReasonCodes {
		d.ReasonCodes = append(d.ReasonCodes, reasonCodeDoc(c))
	}
	for _, from := range slices.Sorted(maps.Keys(w.Handovers)) {
		d.Handovers = append(d.Handovers, handoverDoc{From: from, To: w.Handovers[from]})
	}
	return d
}

// Workspace is the workspace of the document. Rules that are not stored have their
// defaults.
func (d Workspace) Workspace() workspace.Workspace {
	w := workspace.Workspace{
		ID: d.ID, Name: d.Name, Plan: d.Plan, TimeZone: d.TimeZone, Rules: d.Rules.rules(), Demo: d.Demo, Rev: d.Rev,
		OffboardingSince: d.OffboardingSince, SuspendedSince: d.SuspendedSince,
		Sandbox: d.Sandbox, ResettingSince: d.ResettingSince, ResetAt: d.ResetAt,
	}
	for _, r := range d.CustomRoles {
		role := workspace.CustomRole{Name: r.Name}
		for _, p := range r.Permissions {
			role.Permissions = append(role.Permissions, workspace.Permission(p))
		}
		w.CustomRoles = append(w.CustomRoles, role)
	}
	for _, c := range d.ReasonCodes {
		w.ReasonCodes = append(w.ReasonCodes, workspace.ReasonCode(c))
	}
	for _, h := range d.Handovers {
		if w.Handovers == nil {
			w.Handovers = workspace.Handovers{}
		}
		w.Handovers[h.From] = h.To
	}
	return w
}
