package workspace

import "sync"

// memo caches results that were computed from one directory, which never changes. A
// nil memo caches nothing.
type memo struct {
	once   sync.Once
	sorted []Member
	chosen sync.Map // of eligibility to []Member
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
	out.memo = &memo{}
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
