package inbox_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/audit"
	"switchboard/inbox/commit"
	"switchboard/inbox/desk"
	"switchboard/inbox/notify"
	"switchboard/inbox/services"
	"switchboard/inbox/shelf"
	"switchboard/inbox/workspace"
)

// memory is a Store in maps. It keeps to the contract of inbox.Store as far as
// Service relies on it; what real engines do is proved in the store's own tests.
type memory struct {
	mu            sync.Mutex
	conversations map[inbox.ConversationID]inbox.Conversation
	events        []inbox.Event
	contacts      map[inbox.ContactID]inbox.Contact
	loads         map[workspace.MemberID]workspace.Load
	rotations     map[workspace.TeamID]inbox.Rotation
	uses          map[workspace.KeyID]time.Time
	directory     *workspace.Directory
	audit         []audit.AuditEntry
	marks         map[workspace.MemberID]notify.ReadMarks
	places        map[inbox.NotificationID]int
	placed        int
	stars         map[workspace.MemberID]shelf.Stars
	shelves       map[shelf.SavedViewListID]shelf.SavedViewList
	// meanwhile runs once before the next commit, as another server would.
	meanwhile func()
	// fault fails every call.
	fault error
	// refuse fails commits while there are any, first to last.
	refuse  []error
	commits int
	// judge, when set, sees each change with the directory at its commit.
	judge func(commit.Change, *workspace.Directory)
}

var (
	_ services.Store     = (*memory)(nil)
	_ access.Directories = (*memory)(nil)
)

func newMemory(d *workspace.Directory) *memory {
	return &memory{
		conversations: map[inbox.ConversationID]inbox.Conversation{}, contacts: map[inbox.ContactID]inbox.Contact{},
		loads: map[workspace.MemberID]workspace.Load{}, rotations: map[workspace.TeamID]inbox.Rotation{}, uses: map[workspace.KeyID]time.Time{}, directory: d,
	}
}

func (m *memory) Commit(_ context.Context, c commit.Change) error {
	m.mu.Lock()
	meanwhile := m.meanwhile
	m.meanwhile = nil
	m.mu.Unlock()
	if meanwhile != nil {
		meanwhile()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.commits++
	if err := m.guard(c); err != nil {
		return err
	}
	if m.judge != nil {
		m.judge(c, m.directory)
	}
	m.write(c)
	return nil
}

func (m *memory) guard(c commit.Change) error {
	old, exists := m.conversations[c.Conversation.ID]
	switch {
	case m.fault != nil:
		return m.fault
	case len(m.refuse) > 0:
		err := m.refuse[0]
		m.refuse = m.refuse[1:]
		return err
	case m.keyUsed(c.Event.Key), m.saidBefore(c.Event), c.Create && (exists || m.externalUsed(c)):
		return commit.ErrDuplicateKey
	case c.Create:
	case !exists, c.Guard.Version != 0 && old.Version != c.Guard.Version, c.Guard.Epoch != 0 && old.Epoch != c.Guard.Epoch,
		c.Guard.NotClosed && old.Status == inbox.Closed, c.Guard.TokenIssue != nil && old.TokenIssue != *c.Guard.TokenIssue,
		c.Guard.AwaitingReplySince != nil && !old.AwaitingReplySince.Equal(*c.Guard.AwaitingReplySince),
		!c.Guard.QuietSince.IsZero() && old.LastActivityAt.After(c.Guard.QuietSince):
		return commit.ErrStale
	}
	if before := m.conversations[c.Continues]; c.Continues != "" && (before.Status != inbox.Closed || before.Next != "" ||
		c.Guard.TokenIssue != nil && before.TokenIssue != *c.Guard.TokenIssue) {
		return commit.ErrStale
	}
	if before := m.conversations[c.Continues]; c.Continues != "" &&
		(before.Contact != c.Conversation.Contact || before.ContactCopyRevision != c.Conversation.ContactCopyRevision) {
		return commit.ErrStale
	}
	if k := c.Known; k != nil && max(1, m.contacts[k.ID].Rev) != max(1, k.Rev) {
		return commit.ErrStale
	}
	if c.Contacts != nil {
		if err := m.guardContacts(*c.Contacts); err != nil {
			return err
		}
	}
	for _, l := range c.Loads {
		if l.Delta > 0 && l.Cap > 0 && m.loads[l.Member].Used(l.Counted) >= l.Cap {
			return commit.ErrAtCap
		}
		if l.Seen != nil && m.loads[l.Member].Open() > *l.Seen {
			return commit.ErrAtCap
		}
	}
	if r := c.Rotation; r != nil && m.rotations[r.Team].Count != r.Count-1 {
		return commit.ErrAtCap
	}
	return nil
}

func (m *memory) keyUsed(key inbox.IdempotencyKey) bool {
	return key.Key != "" && slices.ContainsFunc(m.events, func(e inbox.Event) bool { return e.Key.Actor == key.Actor && e.Key.Key == key.Key })
}

func (m *memory) saidBefore(e inbox.Event) bool {
	return slices.ContainsFunc(e.Messages, func(said inbox.Message) bool {
		return said.ExternalID != "" && slices.ContainsFunc(m.events, func(other inbox.Event) bool {
			return other.Conversation == e.Conversation && slices.ContainsFunc(other.Messages, func(o inbox.Message) bool { return o.ExternalID == said.ExternalID })
		})
	})
}

func (m *memory) externalUsed(c commit.Change) bool {
	for _, other := range m.conversations {
		if other.ExternalID != "" && other.ExternalID == c.Conversation.ExternalID {
			return true
		}
	}
	for _, other := range m.contacts {
		if c.Contact != nil && other.ExternalID != "" && other.ExternalID == c.Contact.ExternalID {
			return true
		}
	}
	return false
}

func (m *memory) write(c commit.Change) {
	next, old := c.Conversation, m.conversations[c.Conversation.ID]
	switch {
	case c.Create:
	case c.Event.Type == inbox.MessageEvent:
		next = old
		next.LastMessage, next.LastActivityAt = c.Conversation.LastMessage, c.Conversation.LastActivityAt
		if c.Event.Settles != "" || c.Conversation.MayHaveNotifications {
			next.MayHaveNotifications = c.Conversation.MayHaveNotifications
		}
		switch inbox.ReplyIn(c.Event.Messages) {
		case inbox.ReplyGiven:
			next.AwaitingReplySince = time.Time{}
		case inbox.ReplyAwaited:
			if old.AwaitingReplySince.IsZero() {
				next.AwaitingReplySince = c.Event.At
			}
		case inbox.ReplyUnchanged:
		}
	case c.Event.Type == inbox.ContactTokensEvent:
		next = old
	default:
		next.Contact, next.ContactName, next.ContactEmail = old.Contact, old.ContactName, old.ContactEmail
		next.ContactPhone, next.ContactCopyRevision = old.ContactPhone, old.ContactCopyRevision
		next.Previous, next.Next, next.TokenIssue = old.Previous, old.Next, old.TokenIssue
	}
	if c.EndTokens {
		next.TokenIssue = c.Conversation.TokenIssue
	}
	next.Revision, next.MessageCount, next.PublicMessageCount = old.Revision, old.MessageCount, old.PublicMessageCount
	next = next.Number(c.Event.Messages)
	next.Revision++
	if c.Event.After != nil {
		*c.Event.After = next
	}
	m.conversations[next.ID] = next
	if before, ok := m.conversations[c.Continues]; ok {
		before.Next = next.ID
		before.Revision++
		m.conversations[before.ID] = before
	}
	if c.Audit != nil {
		m.audit = append(m.audit, *c.Audit)
	}
	m.events = append(m.events, c.Event)
	if c.Rotation != nil {
		m.rotations[c.Rotation.Team] = *c.Rotation
	}
	if c.Contact != nil {
		m.contacts[c.Contact.ID] = *c.Contact
	}
	if c.Contacts != nil {
		m.saveContacts(*c.Contacts)
	}
	for _, l := range c.Loads {
		load := m.loads[l.Member]
		if l.Kind == workspace.Livechat {
			load.Livechats += l.Delta
		} else {
			load.Tickets += l.Delta
		}
		if !l.AutoAssignedAt.IsZero() {
			load.LastAutoAssigned = l.AutoAssignedAt
		}
		m.loads[l.Member] = load
	}
}

// find gives the first of all that fits, or NOT_FOUND.
func find[T any](m *memory, what string, all []T, fits func(T) bool) (T, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var none T
	if m.fault != nil {
		return none, m.fault
	}
	if i := slices.IndexFunc(all, fits); i >= 0 {
		return all[i], nil
	}
	return none, inbox.Missing(what)
}

// sorted lists conversations by id, oldest first.
func (m *memory) sorted() []inbox.Conversation {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []inbox.Conversation
	for _, id := range slices.Sorted(maps.Keys(m.conversations)) {
		all = append(all, m.conversations[id])
	}
	return all
}

func (m *memory) recorded() []inbox.Event {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.events)
}

func (m *memory) Conversation(_ context.Context, ws workspace.WorkspaceID, id inbox.ConversationID) (inbox.Conversation, error) {
	return find(m, "conversation", m.sorted(), func(c inbox.Conversation) bool { return c.Workspace == ws && c.ID == id })
}

func (m *memory) Conversations(_ context.Context, ws workspace.WorkspaceID, ids []inbox.ConversationID) (map[inbox.ConversationID]inbox.Conversation, error) {
	out := map[inbox.ConversationID]inbox.Conversation{}
	for _, c := range m.sorted() {
		if c.Workspace == ws && slices.Contains(ids, c.ID) {
			out[c.ID] = c
		}
	}
	return out, m.fault
}

func (m *memory) ConversationByExternalID(_ context.Context, ws workspace.WorkspaceID, id string) (inbox.Conversation, error) {
	return find(m, "conversation", m.sorted(), func(c inbox.Conversation) bool { return c.Workspace == ws && c.ExternalID == id })
}

func (m *memory) ListConversations(_ context.Context, q access.ConversationQuery) (inbox.Page[inbox.Conversation], error) {
	var page inbox.Page[inbox.Conversation]
	for _, c := range m.sorted() {
		if c.Workspace == q.Workspace && q.Visibility.Matches(c) && q.View.Matches(q.Visibility, c) {
			page.Items = append(page.Items, c)
		}
	}
	return page, m.fault
}

func (m *memory) CountConversations(ctx context.Context, q access.ConversationQuery, limit int) (int, error) {
	page, err := m.ListConversations(ctx, q)
	return min(len(page.Items), limit), err
}

func (m *memory) OwnershipSnapshots(ctx context.Context, q access.ConversationQuery, limit int) ([]desk.OwnershipSnapshot, error) {
	page, err := m.ListConversations(ctx, q)
	var out []desk.OwnershipSnapshot
	for _, c := range page.Items[:min(len(page.Items), limit)] {
		out = append(out, desk.OwnershipSnapshot{ID: c.ID, Kind: c.Kind, Ownership: c.Ownership, Version: c.Version})
	}
	return out, err
}

func (m *memory) QueuePosition(_ context.Context, c inbox.Conversation) (int, error) {
	position := 1
	for _, other := range m.sorted() {
		if other.Waiting() && other.Team == c.Team && other.WaitingSince.Before(c.WaitingSince) {
			position++
		}
	}
	return position, m.fault
}

func (m *memory) Due(_ context.Context, _ workspace.WorkspaceID, q inbox.Queue, after *inbox.PageCursor, limit int) ([]inbox.Conversation, error) {
	place := func(at time.Time, id string) string { return at.UTC().Format("2006-01-02T15:04:05.000000000") + id }
	var due []inbox.Conversation
	for _, c := range m.sorted() {
		if c.Due() && c.Team == q.Team && c.Kind == q.Kind && (after == nil || place(c.WaitingSince, string(c.ID)) > place(after.At, after.ID)) {
			due = append(due, c)
		}
	}
	slices.SortFunc(due, func(a, b inbox.Conversation) int {
		return strings.Compare(place(a.WaitingSince, string(a.ID)), place(b.WaitingSince, string(b.ID)))
	})
	return due[:min(limit, len(due))], m.fault
}

func (m *memory) Left(_ context.Context, until time.Time, limit int) ([]inbox.Conversation, error) {
	var left []inbox.Conversation
	for _, c := range m.sorted() {
		if !c.GrabsUntil.IsZero() && !c.GrabsUntil.After(until) {
			left = append(left, c)
		}
	}
	slices.SortStableFunc(left, func(a, b inbox.Conversation) int { return a.GrabsUntil.Compare(b.GrabsUntil) })
	return left[:min(limit, len(left))], m.fault
}

func (m *memory) Waits(context.Context, workspace.WorkspaceID) (bool, error) {
	return slices.ContainsFunc(m.sorted(), inbox.Conversation.Waiting), m.fault
}

func (m *memory) Idle(_ context.Context, ws workspace.WorkspaceID, since time.Time, limit int) ([]inbox.Conversation, error) {
	var idle []inbox.Conversation
	for _, c := range m.sorted() {
		if c.Workspace == ws && c.Kind == workspace.Livechat && c.Status != inbox.Closed && !c.LastActivityAt.After(since) {
			idle = append(idle, c)
		}
	}
	slices.SortStableFunc(idle, func(a, b inbox.Conversation) int { return a.LastActivityAt.Compare(b.LastActivityAt) })
	return idle[:min(limit, len(idle))], m.fault
}

func (m *memory) messages() (all []inbox.Message) {
	for _, e := range m.recorded() {
		all = append(all, e.Messages...)
	}
	return all
}

func (m *memory) Message(_ context.Context, ws workspace.WorkspaceID, id inbox.MessageID) (inbox.Message, error) {
	return find(m, "message", m.messages(), func(msg inbox.Message) bool { return msg.Workspace == ws && msg.ID == id })
}

func (m *memory) ListMessages(_ context.Context, q desk.MessageQuery) (inbox.Page[inbox.Message], error) {
	var page inbox.Page[inbox.Message]
	for _, msg := range m.messages() {
		if msg.Workspace == q.Workspace && msg.Conversation == q.Conversation && !(q.PublicOnly && msg.Internal) {
			page.Items = append(page.Items, msg)
		}
	}
	return page, m.fault
}

func (m *memory) ListHistory(_ context.Context, q desk.HistoryQuery) (inbox.Page[inbox.Event], error) {
	var page inbox.Page[inbox.Event]
	for _, e := range slices.Backward(m.recorded()) {
		old := q.Before == 0 || e.Version < q.Before
		if e.Type == inbox.OwnershipEvent && e.Workspace == q.Workspace && e.Conversation == q.Conversation && old && len(page.Items) < q.Limit {
			page.Items = append(page.Items, e)
		}
	}
	return page, m.fault
}

func (m *memory) Event(_ context.Context, ws workspace.WorkspaceID, id inbox.EventID) (inbox.Event, error) {
	return find(m, "event", m.recorded(), func(e inbox.Event) bool { return e.Workspace == ws && e.ID == id })
}

func (m *memory) EventByKey(_ context.Context, ws workspace.WorkspaceID, actor workspace.Actor, key string) (inbox.Event, error) {
	return find(m, "event", m.recorded(), func(e inbox.Event) bool { return e.Workspace == ws && e.Key.Actor == actor && e.Key.Key == key })
}

func (m *memory) Contacts(_ context.Context, ws workspace.WorkspaceID, ids []inbox.ContactID) (map[inbox.ContactID]inbox.Contact, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := map[inbox.ContactID]inbox.Contact{}
	for _, id := range ids {
		if c, ok := m.contacts[id]; ok && c.Workspace == ws {
			out[id] = c
		}
	}
	return out, m.fault
}

func (m *memory) ContactByExternalID(_ context.Context, ws workspace.WorkspaceID, id string) (inbox.Contact, error) {
	m.mu.Lock()
	all := slices.Collect(maps.Values(m.contacts))
	m.mu.Unlock()
	return find(m, "contact", all, func(c inbox.Contact) bool { return c.Workspace == ws && c.ExternalID == id })
}

func (m *memory) Loads(_ context.Context, _ workspace.WorkspaceID, members []workspace.MemberID) (map[workspace.MemberID]workspace.Load, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := map[workspace.MemberID]workspace.Load{}
	for _, id := range members {
		if load, ok := m.loads[id]; ok {
			out[id] = load
		}
	}
	return out, m.fault
}

func (m *memory) LoadsAndRotations(ctx context.Context, ws workspace.WorkspaceID, members []workspace.MemberID, teams []workspace.TeamID) (map[workspace.MemberID]workspace.Load, map[workspace.TeamID]inbox.Rotation, error) {
	loads, err := m.Loads(ctx, ws, members)
	m.mu.Lock()
	defer m.mu.Unlock()
	out := map[workspace.TeamID]inbox.Rotation{}
	for _, id := range teams {
		if r, ok := m.rotations[id]; ok {
			out[id] = r
		}
	}
	return loads, out, err
}

func (m *memory) CreateWorkspace(_ context.Context, d workspace.Directory, audit ...audit.AuditEntry) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.directory, m.audit = &d, append(m.audit, audit...)
	return m.fault
}

func (m *memory) Directory(_ context.Context, ws workspace.WorkspaceID) (*workspace.Directory, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if ws != m.directory.Workspace.ID {
		return nil, inbox.Missing("workspace")
	}
	return m.directory, m.fault
}

func (m *memory) SaveDirectory(_ context.Context, e inbox.Event) error {
	m.mu.Lock()
	meanwhile := m.meanwhile
	m.meanwhile = nil
	m.mu.Unlock()
	if meanwhile != nil {
		meanwhile()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.commits++
	switch c := e.Directory; {
	case m.fault != nil:
		return m.fault
	case c.Member != nil && c.Member.Rev != m.directory.Members[c.Member.ID].Rev+1,
		c.Workspace != nil && c.Workspace.Rev != m.directory.Workspace.Rev+1:
		return commit.ErrStale
	}
	m.directory = m.directory.With(*e.Directory)
	m.events = append(m.events, e)
	return nil
}

func (m *memory) WorkspaceOfKey(_ context.Context, id workspace.KeyID) (workspace.WorkspaceID, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if k, ok := m.directory.Keys[id]; ok {
		return k.Workspace, m.fault
	}
	return "", inbox.Missing("API key")
}

func (m *memory) KeyUsed(_ context.Context, _ workspace.WorkspaceID, id workspace.KeyID, at time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.uses[id] = at
	return m.fault
}

func (m *memory) KeyUses(_ context.Context, _ workspace.WorkspaceID, ids []workspace.KeyID) (map[workspace.KeyID]time.Time, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := maps.Clone(m.uses)
	maps.DeleteFunc(out, func(id workspace.KeyID, _ time.Time) bool { return !slices.Contains(ids, id) })
	return out, m.fault
}

func (m *memory) MessageByExternalID(_ context.Context, ws workspace.WorkspaceID, c inbox.ConversationID, id string) (inbox.Message, error) {
	return find(m, "message", m.messages(), func(msg inbox.Message) bool {
		return msg.Workspace == ws && msg.Conversation == c && msg.ExternalID == id
	})
}

// Applied has nothing to do: the directory is this store's.
func (m *memory) Applied(workspace.WorkspaceID, workspace.DirectoryChange) {}
