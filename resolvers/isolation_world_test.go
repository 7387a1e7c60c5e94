package resolvers_test

import (
	"encoding/base64"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
)

// What the other workspace calls its things.
const (
	theirConversation = "their-conversation-1"
	theirRole         = "their-role"
)

// furnished is another workspace that has one of everything.
func (s *server) furnished(t *testing.T, schema *ast.Schema) *stage {
	t.Helper()
	w := s.newSpace(t, "enterprise", nil)
	w.as("owner").act("createRole", object{"name": theirRole, "permissions": []string{"view:ticket:ALL"}})
	st := &stage{space: w, schema: schema}
	st.current = w.start(desk.NewConversation{Message: "Hello", ExternalID: theirConversation, To: access.Owner{Member: w.member("manager")}})
	_, err := w.service.Desk.Leave(t.Context(), w.principal("manager"), desk.Request{Conversation: w.owned("manager").ID})
	require.NoError(t, err)
	w.savedView()
	w.webhook()
	w.openOffer()
	w.settle()
	return st
}

// claimable are the notifications of what is up for grabs: their audience has the
// same name in every workspace.
func (st *stage) claimable() []string {
	st.t.Helper()
	found := column(st.t, st.as("owner").do(`{ notifications { nodes { id } } }`, nil).at("notifications.nodes"), "id")
	require.NotEmpty(st.t, found)
	return found
}

// in is the stage for another test.
func (st *stage) in(t *testing.T) *stage {
	t.Helper()
	return &stage{space: st.space.in(t), schema: st.schema, current: st.current}
}

// watched gives a check that since now nothing at all happened in the
// workspace: no event, no entry in the audit log, nothing read or changed.
func (st *stage) watched() func(t *testing.T) {
	st.t.Helper()
	position := st.end()
	before := st.in(st.t).evidence()
	return func(t *testing.T) {
		t.Helper()
		require.Equal(t, before, st.in(t).evidence(), "something changed in the other workspace")
		since, err := st.store.WatchWorkspace(t.Context(), st.id, position)
		require.NoError(t, err)
		item, more, err := since.TryNext(t.Context())
		require.NoError(t, err)
		require.False(t, more, "something happened in the other workspace: %+v", item.Event)
		require.NoError(t, since.Close(t.Context()))
	}
}

// end is the position behind all that happened so far, the last of which is a mark: a feed
// that was just opened may stand a little before its end.
func (st *stage) end() string {
	st.t.Helper()
	feed, err := st.store.WatchWorkspace(st.t.Context(), st.id, "")
	require.NoError(st.t, err)
	marked := st.mark()
	for found := false; !found; {
		item, err := feed.Next(st.t.Context())
		require.NoError(st.t, err)
		found = marked(item.Event)
	}
	position := feed.Position()
	require.NoError(st.t, feed.Close(st.t.Context()))
	return position
}

// evidence is traces with what members own and have read.
func (st *stage) evidence() []any {
	st.t.Helper()
	out := st.traces()
	var members []workspace.MemberID
	for _, c := range crew() {
		members = append(members, st.member(c[0]))
		marks, err := st.store.ReadMarks(st.t.Context(), st.id, st.member(c[0]))
		require.NoError(st.t, err)
		stars, err := st.store.Stars(st.t.Context(), st.id, st.member(c[0]))
		require.NoError(st.t, err)
		views, err := st.service.Shelf.SavedViews(st.t.Context(), st.principal(c[0]))
		require.NoError(st.t, err)
		out = append(out, marks, stars, views)
	}
	loads, err := st.store.Loads(st.t.Context(), st.id, members)
	require.NoError(st.t, err)
	return append(out, loads)
}

// decoded is the text within a global id or a cursor.
func decoded(t *testing.T, opaque string) string {
	t.Helper()
	text, err := base64.RawURLEncoding.DecodeString(opaque)
	require.NoError(t, err)
	return string(text)
}
