package inbox

import (
	"slices"
	"strings"
	"unicode"
)

// Bounds of names and other short texts, in characters.
const (
	MaxName  = 100
	maxTeams = 100
)

// checkName refuses a name that is empty, too long, or has characters that no line
// of text has.
func checkName(field, name string) error {
	if err := checkText(field, name, MaxName); err != nil {
		return err
	}
	if name != strings.TrimSpace(name) || strings.ContainsFunc(name, unicode.IsControl) {
		return Invalid(field, "%s begins or ends with space, or holds control characters. Leave them out.", field)
	}
	return nil
}

func (a Access) checkTeams(teams []TeamID) error {
	if len(teams) > maxTeams {
		return Invalid("teamIds", "teamIds has %d entries; at most %d are allowed.", len(teams), maxTeams)
	}
	for i, id := range teams {
		if _, ok := a.Directory.Team(id); !ok {
			e := Missing("team")
			e.Field = []string{"teamIds"}
			return e
		}
		if slices.Contains(teams[:i], id) {
			return Invalid("teamIds", "teamIds has a team twice.")
		}
	}
	return nil
}

func checkOptionalCap(n *int) error {
	if n == nil {
		return nil
	}
	return checkCap("maxAutoAssigned", *n)
}

// checkExpected refuses an act on another revision than the caller saw.
func checkExpected(expected *int, rev int) error {
	if expected == nil || *expected == rev {
		return nil
	}
	return &Error{
		Code: Conflict, Field: []string{"expectedRevision"}, Revision: rev,
		Message: "It changed since you looked. Look again and decide.",
	}
}

func memberTarget(m Member) AuditTarget {
	return AuditTarget{Kind: AuditMember, ID: string(m.ID), Name: m.Name}
}
