package workspace

import (
	"slices"
	"strings"
	"sync"
)

// memo caches results that were computed from one directory, which never changes. A
// nil memo caches nothing.
type memo struct {
	once   sync.Once
	sorted []Member
	chosen sync.Map // of eligibility to []Member
	// teammates are of the teams, joined, to []MemberID. Directories that differ in
	// nothing that it depends on have it in common.
	teammates *sync.Map
}

func newMemo() *memo { return &memo{teammates: &sync.Map{}} }

// after is the memo of the directory that a change makes of d.
func (m *memo) after(d *Directory, c DirectoryChange) *memo {
	if m == nil {
		return nil
	}
	out := newMemo()
	if c.Member == nil || slices.Equal(d.Members[c.Member.ID].Teams, c.Member.Teams) {
		out.teammates = m.teammates
	}
	return out
}

type eligibility struct {
	policy any
	kind   Kind
	team   TeamID
}

// Remembering returns the same directory with a cache for computed results, for
// directories that answer many calls. Do not modify it.
func (d *Directory) Remembering() *Directory {
	out := *d
	out.memo = newMemo()
	return &out
}

// Remembered answers what work finds for a kind and a team under a policy, which is
// worked out once where the directory remembers.
func (d *Directory) Remembered(policy any, kind Kind, team TeamID, work func() []Member) []Member {
	return d.memo.eligible(policy, kind, team, work)
}

func (m *memo) members(work func() []Member) []Member {
	if m == nil {
		return work()
	}
	m.once.Do(func() { m.sorted = work() })
	return m.sorted
}

func (m *memo) eligible(policy any, kind Kind, team TeamID, work func() []Member) []Member {
	if m == nil {
		return work()
	}
	key := eligibility{policy, kind, team}
	if found, ok := m.chosen.Load(key); ok {
		members, _ := found.([]Member)
		return members
	}
	members := work()
	m.chosen.Store(key, members)
	return members
}

// Teammates are the members who are in any of these teams, by id. They include removed
// ones: their conversations stay visible to the team, so that somebody can take them
// over. Do not modify the list: where the directory remembers, all who ask have one.
func (d *Directory) Teammates(teams []TeamID) []MemberID {
	if d.memo == nil {
		return d.inTeams(teams)
	}
	names := make([]string, len(teams))
	for i, team := range teams {
		names[i] = string(team)
	}
	slices.Sort(names)
	key := strings.Join(names, "\n")
	found, ok := d.memo.teammates.Load(key)
	if !ok {
		found, _ = d.memo.teammates.LoadOrStore(key, d.inTeams(teams))
	}
	members, _ := found.([]MemberID)
	return members
}

func (d *Directory) inTeams(teams []TeamID) (out []MemberID) {
	if len(teams) == 0 {
		return nil
	}
	for _, m := range d.Members {
		if slices.ContainsFunc(m.Teams, func(t TeamID) bool { return slices.Contains(teams, t) }) {
			out = append(out, m.ID)
		}
	}
	slices.Sort(out)
	return out
}
