package admin

import (
	"slices"
	"strings"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/audit"
	"switchboard/inbox/workspace"
)

// Bounds of names and other short texts, in characters.
const (
	MaxName  = 100
	maxTeams = 100
)

// checkName refuses a name that is empty, too long, or has characters that no line
// of text has.
func checkName(field, name string) error {
	if err := inbox.CheckLine(field, name, MaxName); err != nil {
		return err
	}
	if name != strings.TrimSpace(name) {
		return inbox.Invalid(field, "%s begins or ends with space. Leave that out.", field)
	}
	return nil
}

// checkRename is checkName for a name that changes: what an earlier version took keeps
// nobody from changing the rest.
func checkRename(field, before, after string) error {
	if before == after && before != "" {
		return nil
	}
	return checkName(field, after)
}

func checkTeams(a access.Access, teams []workspace.TeamID) error {
	if len(teams) > maxTeams {
		return inbox.Invalid("teamIds", "teamIds has %d entries; at most %d are allowed.", len(teams), maxTeams)
	}
	for i, id := range teams {
		if _, ok := a.Directory.Team(id); !ok {
			e := inbox.Missing("team")
			e.Field = []string{"teamIds"}
			return e
		}
		if slices.Contains(teams[:i], id) {
			return inbox.Invalid("teamIds", "teamIds has a team twice.")
		}
	}
	return nil
}

func checkOptionalCap(n *int) error {
	if n == nil {
		return nil
	}
	return inbox.CheckCap("maxAutoAssigned", *n)
}

func memberTarget(m workspace.Member) audit.AuditTarget {
	return audit.AuditTarget{Kind: audit.AuditMember, ID: string(m.ID), Name: m.Name}
}
