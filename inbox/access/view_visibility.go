package access

import (
	"cmp"
	"maps"
	"slices"

	"switchboard/inbox/workspace"
)

// For returns r without the parts that make no difference to v: two callers for
// whom it is equal have the same view. A change of the directory that leaves it
// equal changes nothing in the view.
func (r VisibilityFilter) For(v View) VisibilityFilter {
	out := VisibilityFilter{Agent: r.Agent, Conversation: r.Conversation, Scopes: r.Scopes, OwnedExclusively: r.OwnedExclusively}
	exclusive := slices.Contains(slices.Collect(maps.Values(r.OwnedExclusively)), true)
	team := r.has(workspace.ScopeTeam)
	if v.personal() && !v.Starred || exclusive || r.has(workspace.ScopeOwn) || (team && !slices.Contains(r.Teammates, r.Member)) {
		out.Member = r.Member
	}
	if v.Starred {
		out.Member, out.Starred = r.Member, sorted(r.Starred)
	}
	if v.List == ListMyTeams || v.List == ListOfferedToMe || team {
		out.Teams = sorted(r.Teams)
	}
	if team {
		out.Teammates = sorted(r.Teammates)
		if out.Member == "" && r.Member != "" {
			out.Member = anyMember // in teams, for any member
		}
	}
	return out
}

// anyMember stands for a member whose identity makes no difference.
const anyMember workspace.MemberID = "*"

// Equal reports whether r and o reach the same.
func (r VisibilityFilter) Equal(o VisibilityFilter) bool {
	return r.Member == o.Member && r.Agent == o.Agent && r.Conversation == o.Conversation &&
		same(r.Teams, o.Teams) && same(r.Teammates, o.Teammates) && same(r.Starred, o.Starred) &&
		maps.Equal(r.Scopes, o.Scopes) && maps.Equal(r.OwnedExclusively, o.OwnedExclusively)
}

func (r VisibilityFilter) has(scope workspace.Scope) bool {
	return slices.Contains(slices.Collect(maps.Values(r.Scopes)), scope)
}

// sorted returns ids in order, each once: themselves if they are.
func sorted[T ~string](ids []T) []T {
	if slices.IsSortedFunc(ids, func(a, b T) int { return cmp.Or(cmp.Compare(a, b), -1) }) {
		return ids
	}
	out := slices.Clone(ids)
	slices.Sort(out)
	return slices.Compact(out)
}

// same reports whether two lists are equal; one list is with itself without a look.
func same[T comparable](a, b []T) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0] || slices.Equal(a, b))
}
