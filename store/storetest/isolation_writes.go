package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/audit"
	"switchboard/inbox/commit"
	"switchboard/inbox/notify"
	"switchboard/inbox/retention"
	"switchboard/inbox/workspace"
)

// writes try from the other workspace to change what the estate has.
func (e *estate) writes() map[string]func(t *testing.T) {
	return map[string]func(t *testing.T){
		"Commit":          e.commitElsewhere,
		"CommitEach":      e.commitEachElsewhere,
		"CreateWorkspace": e.createElsewhere,
		"SaveDirectory": func(t *testing.T) {
			t.Helper()
			for _, change := range e.taken() {
				require.Equal(t, inbox.NotFound, inbox.CodeOf(e.SaveDirectory(soon(t), directoryEvent(e.other.ws, change))))
			}
		},
		"Administer": func(t *testing.T) {
			t.Helper()
			for _, change := range e.taken() {
				require.ErrorIs(t, e.Administer(soon(t), e.other.act(1, change)), commit.ErrStale)
			}
		},
		"SaveContacts": func(t *testing.T) {
			t.Helper()
			taken := e.contact
			taken.Workspace, taken.Rev = e.other.ws, 2
			_, err := e.SaveContacts(soon(t), commit.ContactSave{Workspace: e.other.ws, Contacts: []inbox.Contact{taken}})
			require.ErrorIs(t, err, commit.ErrStale)
		},
		"Forget": func(t *testing.T) { // of closed ones: see the row retention
			t.Helper()
			for _, part := range parts() {
				f := retention.Forgetting{Workspace: e.other.ws, Conversation: e.talk.ID, Part: part, QuietSince: at(9999)}
				require.NoError(t, e.Forget(soon(t), f))
			}
		},
		"KeyUsed": func(t *testing.T) {
			t.Helper()
			require.NoError(t, e.KeyUsed(soon(t), e.other.ws, workspace.KeyUse{Key: e.key, Secret: 1, At: at(9)}))
		},
		"TrimLog": func(t *testing.T) { require.NoError(t, e.TrimLog(soon(t), e.other.ws, 9)) },
		"AppendAudit": func(t *testing.T) {
			t.Helper()
			page, err := e.ListAudit(soon(t), audit.AuditQuery{Workspace: e.ws, Page: inbox.PageRequest{Limit: 1}})
			require.NoError(t, err)
			entry := page.Items[0]
			entry.Workspace = e.other.ws
			require.ErrorIs(t, e.AppendAudit(soon(t), entry), commit.ErrDuplicateKey)
		},
		"SaveReadMarks": func(t *testing.T) {
			t.Helper()
			require.ErrorIs(t, e.SaveReadMarks(soon(t), notify.ReadMarks{Workspace: e.other.ws, Member: e.member, Rev: 2}), commit.ErrStale)
			require.NoError(t, e.SaveReadMarks(soon(t), notify.ReadMarks{Workspace: e.other.ws, Member: e.member, Rev: 1}))
		},
		"SaveStars": func(t *testing.T) {
			t.Helper()
			require.ErrorIs(t, e.SaveStars(soon(t), e.stars(e.other.ws, 2), starred(e.other.ws, e.member)), commit.ErrStale)
		},
		"DropStars": func(t *testing.T) {
			t.Helper()
			require.NoError(t, e.DropStars(soon(t), e.other.ws, e.member))
		},
		"SaveSavedViewLists": func(t *testing.T) {
			t.Helper()
			require.ErrorIs(t, e.SaveSavedViewLists(soon(t), e.shelf(e.other.ws, 2)), commit.ErrStale)
		},
		"DeleteSavedViewList": func(t *testing.T) {
			t.Helper()
			require.NoError(t, e.DeleteSavedViewList(soon(t), e.other.ws, "shelf"))
		},
		"SavePresence": func(t *testing.T) {
			t.Helper()
			lost := e.presence(e.other.ws)
			lost.LostAt = at(3)
			require.NoError(t, e.SavePresence(soon(t), lost))
		},
		"DeleteWorkspace": e.deleteElsewhere,
		"EmptyWorkspace":  e.emptyElsewhere,
		"DeletePresence": func(t *testing.T) {
			t.Helper()
			require.NoError(t, e.DeletePresence(soon(t), e.presence(e.other.ws)))
		},
	}
}

func (e *estate) deleteElsewhere(t *testing.T) {
	t.Helper()
	require.NotEmpty(t, e.remove(e.other.ws))
	e.other.staffed()
}

func (e *estate) emptyElsewhere(t *testing.T) {
	t.Helper()
	_, err := e.EmptyWorkspace(soon(t), e.other.ws)
	require.NoError(t, err)
}

// taken are changes of the estate's entities that name the other workspace.
func (e *estate) taken() []workspace.DirectoryChange {
	m, team, agent, key := only(e.dir.Members), only(e.dir.Teams), only(e.dir.Agents), only(e.dir.Keys)
	hook := e.hook
	m.Workspace, team.Workspace, agent.Workspace, key.Workspace, hook.Workspace = e.other.ws, e.other.ws, e.other.ws, e.other.ws, e.other.ws
	m.Rev, team.Rev, agent.Rev, key.Rev, hook.Rev = 2, 2, 2, 2, 2
	return []workspace.DirectoryChange{{Member: &m}, {Team: &team}, {Agent: &agent}, {Key: &key}, {Webhook: &hook}}
}

// commitElsewhere writes into the estate's conversation, makes another of its id,
// and a conversation with its contact, its external ids and its keys.
func (e *estate) commitElsewhere(t *testing.T) {
	t.Helper()
	moved := e.talk
	moved.Workspace = e.other.ws
	for _, change := range []commit.Change{saying(moved, "more"), takeover(moved, e.member)} {
		require.Equal(t, inbox.NotFound, inbox.CodeOf(e.Commit(soon(t), change)))
	}
	require.ErrorIs(t, e.Commit(soon(t), creation(moved)), commit.ErrDuplicateKey)

	stolen := e.other.conversation()
	stolen.Contact = e.contact.ID
	contact := e.contact
	contact.Workspace, contact.ExternalID = e.other.ws, "" // its own, so that only the id is the same
	change := creation(stolen)
	change.Contact = &contact
	require.ErrorIs(t, e.Commit(soon(t), change), commit.ErrDuplicateKey)

	same := e.other.conversation()
	same.ExternalID = e.talk.ExternalID
	contact = inbox.Contact{ID: same.Contact, Workspace: e.other.ws, ExternalID: e.contact.ExternalID}
	change = creation(same)
	change.Contact, change.Loads = &contact, []inbox.LoadChange{{Member: e.member, Kind: same.Kind, Delta: 1}}
	change.Rotation = &inbox.Rotation{Member: e.member, Since: at(2), Count: 1}
	change.Event.Key = inbox.IdempotencyKey{Actor: workspace.System(), Key: "key", Request: "r"}
	require.NoError(t, e.Commit(soon(t), change)) // unique in a workspace only
	require.NoError(t, e.Commit(soon(t), stepped(same, "noa", 1, given(e.member))))
}

func (e *estate) createElsewhere(t *testing.T) {
	t.Helper()
	d := e.dir
	d.Workspace.ID = workspace.WorkspaceID(id("ws"))
	require.ErrorIs(t, e.CreateWorkspace(soon(t), d), commit.ErrDuplicateKey)
}

// commitEachElsewhere tries what commitElsewhere tries, together with a change of the
// other workspace.
func (e *estate) commitEachElsewhere(t *testing.T) {
	t.Helper()
	moved, none := e.talk, e.other.conversation()
	moved.Workspace = e.other.ws
	for _, err := range e.CommitEach(soon(t), []commit.Change{takeover(moved, e.member), takeover(none, e.member)}) {
		require.Equal(t, inbox.NotFound, inbox.CodeOf(err))
	}
}
