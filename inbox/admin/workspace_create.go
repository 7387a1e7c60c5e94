package admin

import (
	"strings"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/audit"
	"switchboard/inbox/workspace"
)

// maxWorkspaceID is the longest id that a workspace can be given, in characters.
const maxWorkspaceID = 64

// NewWorkspace is a workspace to be made, with its one owner.
type NewWorkspace struct {
	// ID names it in tokens; empty makes one of the name.
	ID       workspace.WorkspaceID
	Name     string
	Plan     workspace.PlanName
	TimeZone string
	// OwnerEmail is the address by which the owner's first sign-in is recognised.
	// It is the owner's name too, until somebody writes another.
	OwnerEmail string
}

// Found makes the directory of a new workspace and its audit entry. It returns
// INVALID_INPUT, with the field, for an invalid value.
func (n NewWorkspace) Found(policy access.Authorizer, now time.Time, newID func() string) (workspace.Directory, audit.AuditEntry, error) {
	if n.ID == "" {
		n.ID = workspace.WorkspaceID(slug(n.Name))
	}
	if err := n.check(policy); err != nil {
		return workspace.Directory{}, audit.AuditEntry{}, err
	}
	w := workspace.Workspace{ID: n.ID, Name: n.Name, Plan: n.Plan, TimeZone: n.TimeZone, Rules: workspace.DefaultRules(), Rev: 1}
	owner := workspace.Member{
		ID: workspace.MemberID(newID()), Workspace: n.ID, Name: n.OwnerEmail, Email: n.OwnerEmail, Roles: []workspace.RoleName{workspace.RoleOwner}, Availability: workspace.Offline, Rev: 1,
	}
	var f auditFields
	f.text("name", "", w.Name)
	f.text("plan", "", string(w.Plan))
	f.text("timeZone", "", w.TimeZone)
	f.text("owner", "", owner.Email)
	return workspace.Directory{Workspace: w, Members: map[workspace.MemberID]workspace.Member{owner.ID: owner}}, audit.AuditEntry{
		ID: newID(), Workspace: n.ID, At: now.UTC().Truncate(time.Millisecond), Actor: workspace.System(), Action: audit.AuditWorkspaceCreate, Target: workspaceTarget(w), Fields: f,
	}, nil
}

func (n NewWorkspace) check(policy access.Authorizer) error {
	const letters = "abcdefghijklmnopqrstuvwxyz0123456789-"
	if err := checkName("name", n.Name); err != nil {
		return err
	}
	if id := string(n.ID); id == "" || len(id) > maxWorkspaceID || strings.Trim(id, letters) != "" {
		return inbox.Invalid("id", "id cannot be a workspace's. Use 1 to %d of a-z, 0-9 and -.", maxWorkspaceID)
	}
	if err := access.CheckPlan("plan", n.Plan, policy); err != nil {
		return err
	}
	if _, err := time.LoadLocation(n.TimeZone); err != nil || n.TimeZone == "" || n.TimeZone == "Local" {
		return inbox.Invalid("timeZone", "timeZone is not an IANA time zone. Write it like Europe/Berlin.")
	}
	return inbox.CheckEmail("ownerEmail", n.OwnerEmail)
}

// slug makes an id from a name: its letters and digits in lower case, with one dash
// for everything between. Empty if there are none.
func slug(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	return strings.Join(words, "-")
}
