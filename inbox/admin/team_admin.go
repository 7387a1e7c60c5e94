package admin

import (
	"slices"
	"strings"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/audit"
	"switchboard/inbox/workspace"
)

// checkTeam refuses a team that cannot be: without a name, with another's name,
// with a method that is none or above the plan, with a cap out of bounds.
func checkTeam(a access.Access, before, after workspace.Team) error {
	if err := checkRename("name", before.Name, after.Name); err != nil {
		return err
	}
	for _, other := range a.Directory.Teams {
		if !other.Removed && other.ID != after.ID && strings.EqualFold(other.Name, after.Name) {
			return inbox.Invalid("name", "There is a team %s already. Pick another name.", other.Name)
		}
	}
	if err := checkOptionalCap(after.MaxAutoAssigned); err != nil || after.Method == "" || after.Method == before.Method {
		return err
	}
	if err := inbox.CheckChoice("method", after.Method, workspace.Balanced, workspace.Random, workspace.RoundRobin, workspace.Voluntary); err != nil {
		return err
	}
	return a.Refusal(inbox.Conversation{}, a.Includes(workspace.FeatureOfMethod(after.Method)))
}

// manned are the changes by which exactly members are in the team.
func manned(a access.Access, id workspace.TeamID, members []workspace.MemberID) ([]workspace.DirectoryChange, error) {
	if len(members) > maxTeamMembers {
		return nil, inbox.Invalid("memberIds", "memberIds has %d entries; at most %d are allowed.", len(members), maxTeamMembers)
	}
	for i, m := range members {
		if _, ok := a.Directory.Member(m); !ok {
			e := inbox.Missing("member")
			e.Field = []string{"memberIds"}
			return nil, e
		}
		if slices.Contains(members[:i], m) {
			return nil, inbox.Invalid("memberIds", "memberIds has a member twice.")
		}
	}
	var out []workspace.DirectoryChange
	for _, m := range a.Directory.SortedMembers() {
		is, should := slices.Contains(m.Teams, id), slices.Contains(members, m.ID)
		if is == should {
			continue
		}
		m.Teams = slices.DeleteFunc(slices.Clone(a.Directory.Present(m.Teams)), func(t workspace.TeamID) bool { return t == id })
		if should {
			m.Teams = append(m.Teams, id)
		}
		m.Rev++
		out = append(out, workspace.DirectoryChange{Member: &m})
	}
	return out, nil
}

// maxTeamMembers bounds how many members one act can name.
const maxTeamMembers = 1000

// crew returns the names of the team's members after the changes.
func crew(a access.Access, id workspace.TeamID, changes []workspace.DirectoryChange) []string {
	d := a.Directory
	for _, c := range changes {
		d = d.With(c)
	}
	var out []string
	for _, m := range d.SortedMembers() {
		if slices.Contains(m.Teams, id) {
			out = append(out, m.Name)
		}
	}
	return out
}

func teamTarget(t workspace.Team) audit.AuditTarget {
	return audit.AuditTarget{Kind: audit.AuditTeam, ID: string(t.ID), Name: t.Name}
}
