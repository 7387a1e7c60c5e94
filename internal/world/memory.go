package world

import (
	"context"
	"maps"
	"slices"
	"sync"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/audit"
	"switchboard/inbox/commit"
	"switchboard/inbox/notify"
	"switchboard/inbox/services"
	"switchboard/inbox/shelf"
	"switchboard/inbox/workspace"
)

// Memory is a store in maps. It keeps to the contract of services.Store as far as the
// use cases rely on it; what real engines do is proved in the store's own tests. It is
// safe for concurrent use; a test that reads or sets its fields while use cases run
// holds Mu.
type Memory struct{ ports }

// ports implement services.Store on the records; its interfaces say what each does.
type ports struct{ records }

// records are what Memory keeps, with the writing and the smaller ports.
type records struct {
	Mu sync.Mutex
	// Threads are the conversations, People the contacts, Counts the loads of members.
	Threads map[inbox.ConversationID]inbox.Conversation
	People  map[inbox.ContactID]inbox.Contact
	Counts  map[workspace.MemberID]workspace.Load
	// Saved is the directory as it was saved last.
	Saved *workspace.Directory
	// AuditLog is oldest first.
	AuditLog []audit.AuditEntry
	// Marks are the read marks of members, Starred their stars, Shelved the lists of
	// saved views.
	Marks   map[workspace.MemberID]notify.ReadMarks
	Starred map[workspace.MemberID]shelf.Stars
	Shelved map[shelf.SavedViewListID]shelf.SavedViewList
	// Meanwhile runs once before the next commit, as another server would.
	Meanwhile func()
	// Fault fails every call.
	Fault error
	// Refuse fails commits while there are any, first to last.
	Refuse []error
	// Commits counts the attempts to commit.
	Commits int
	// Judge, when set, sees each change with the directory at its commit.
	Judge func(commit.Change, *workspace.Directory)

	events    []inbox.Event
	rotations map[workspace.TeamID]inbox.Rotation
	uses      map[workspace.KeyID]workspace.KeyUses
	places    map[inbox.NotificationID]int
	placed    int
	offers    []inbox.Offer // oldest first
}

var (
	_ services.Store     = (*Memory)(nil)
	_ access.Directories = (*Memory)(nil)
)

// openMemory is the one place where the store of the tests is opened.
func openMemory(d *workspace.Directory) *Memory {
	return &Memory{ports{records{
		Threads: map[inbox.ConversationID]inbox.Conversation{}, People: map[inbox.ContactID]inbox.Contact{},
		Counts: map[workspace.MemberID]workspace.Load{}, rotations: map[workspace.TeamID]inbox.Rotation{},
		uses: map[workspace.KeyID]workspace.KeyUses{}, Saved: d,
	}}}
}

// Commit runs Meanwhile, proves the guard and writes, or returns what Refuse or Fault
// say, commit.ErrStale, commit.ErrAtCap or commit.ErrDuplicateKey.
func (m *ports) Commit(_ context.Context, c commit.Change) error {
	m.Mu.Lock()
	meanwhile := m.Meanwhile
	m.Meanwhile = nil
	m.Mu.Unlock()
	if meanwhile != nil {
		meanwhile()
	}
	m.Mu.Lock()
	defer m.Mu.Unlock()
	m.Commits++
	if err := m.guard(c); err != nil {
		return err
	}
	if m.Judge != nil {
		m.Judge(c, m.Saved)
	}
	m.write(c)
	return nil
}

// CommitEach is Commit for one after the other.
func (m *ports) CommitEach(ctx context.Context, changes []commit.Change) []error {
	errs := make([]error, 0, len(changes))
	for _, c := range changes {
		errs = append(errs, m.Commit(ctx, c))
	}
	return errs
}

// find gives the first of all that fits, or NOT_FOUND.
func find[T any](m *records, what string, all []T, fits func(T) bool) (T, error) {
	m.Mu.Lock()
	defer m.Mu.Unlock()
	var none T
	if m.Fault != nil {
		return none, m.Fault
	}
	if i := slices.IndexFunc(all, fits); i >= 0 {
		return all[i], nil
	}
	return none, inbox.Missing(what)
}

// named gives those of all that are of a workspace and have one of the ids.
func named[T any, ID comparable](
	all []T, ws workspace.WorkspaceID, ids []ID, nameOf func(T) (workspace.WorkspaceID, ID),
) map[ID]T {
	out := map[ID]T{}
	for _, one := range all {
		if of, id := nameOf(one); of == ws && slices.Contains(ids, id) {
			out[id] = one
		}
	}
	return out
}

// Sorted lists conversations by id, oldest first.
func (m *records) Sorted() []inbox.Conversation {
	m.Mu.Lock()
	defer m.Mu.Unlock()
	var all []inbox.Conversation
	for _, id := range slices.Sorted(maps.Keys(m.Threads)) {
		all = append(all, m.Threads[id])
	}
	return all
}

// Recorded lists all events, oldest first.
func (m *records) Recorded() []inbox.Event {
	m.Mu.Lock()
	defer m.Mu.Unlock()
	return slices.Clone(m.events)
}
