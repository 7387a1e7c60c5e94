package admin

import (
	"slices"
	"strconv"
	"strings"

	"switchboard/inbox/access"
	"switchboard/inbox/audit"
	"switchboard/inbox/workspace"
)

// auditFields collects the differences between before and after.
type auditFields []audit.AuditField

func (f *auditFields) text(field, from, to string) {
	if from != to {
		*f = append(*f, audit.AuditField{Field: field, From: from, To: to})
	}
}

func (f *auditFields) number(field string, from, to *int) { f.text(field, figure(from), figure(to)) }

func figure(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}

// list joins the words of both sides, sorted.
func (f *auditFields) list(field string, from, to []string) {
	joined := func(words []string) string { return strings.Join(slices.Sorted(slices.Values(words)), ", ") }
	f.text(field, joined(from), joined(to))
}

func (f *auditFields) member(a access.Access, from, to workspace.Member) {
	f.text("name", from.Name, to.Name)
	f.text("email", from.Email, to.Email)
	f.list("roles", wordsOf(from.Roles), wordsOf(to.Roles))
	f.list("teams", teamNames(a, from.Teams), teamNames(a, to.Teams))
	f.number("maxAutoAssigned", from.MaxAutoAssigned, to.MaxAutoAssigned)
}

func (f *auditFields) team(from, to workspace.Team) {
	f.text("name", from.Name, to.Name)
	f.text("method", string(from.Method), string(to.Method))
	f.number("maxAutoAssigned", from.MaxAutoAssigned, to.MaxAutoAssigned)
}

func teamNames(a access.Access, teams []workspace.TeamID) []string {
	var out []string
	for _, id := range a.Directory.Present(teams) {
		out = append(out, a.Directory.Teams[id].Name)
	}
	return out
}

func wordsOf[T ~string](words []T) []string {
	out := make([]string, 0, len(words))
	for _, w := range words {
		out = append(out, string(w))
	}
	return out
}
