package resolvers_test

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/internal/walk"
)

// cursorRow is one line of testdata/cursors.json: an argument that takes a place
// in a list or in a stream.
type cursorRow struct {
	Argument string `json:"argument"`
	// Of is the field that gives such cursors, when it is not the argument's own.
	Of   string         `json:"of"`
	As   string         `json:"as"`
	With map[string]any `json:"with"`
}

// queuePositionState is what is in a cursor: which list, and where in it.
type queuePositionState struct {
	List string `json:"l"`
	Key  string `json:"k"`
	ID   string `json:"i"`
}

// placeOf opens a cursor of the workspace.
func (w *space) placeOf(cursor string) (p queuePositionState) {
	w.t.Helper()
	data, err := w.seals.Open(w.id, cursor)
	require.NoError(w.t, err)
	require.NoError(w.t, json.Unmarshal(data, &p))
	return p
}

// cursor seals a place, as no caller can.
func (w *space) cursor(p queuePositionState) string {
	w.t.Helper()
	data, err := json.Marshal(p)
	require.NoError(w.t, err)
	return w.seals.Close(w.id, data)
}

// never is a text of the form and length of a cursor that nobody has sealed.
func never(t *testing.T, cursor string) string {
	t.Helper()
	data := []byte(decoded(t, cursor))
	_, _ = rand.Read(data[len(data)/2:])
	return base64.RawURLEncoding.EncodeToString(data)
}

// taken gives a cursor that the argument takes on this stage: of the first item
// of its list, or where the streams are now.
func (row cursorRow) taken(st *stage, a argument) string {
	st.t.Helper()
	if row.Of != "" {
		a = argumentNamed(st.t, st.schema, row.Of)
	}
	c := st.client(orElse(row.As, "owner"))
	if a.root == st.schema.Subscription {
		at, _ := c.do(`{ conversations { liveCursor } }`, nil).at("conversations.liveCursor").(string)
		return at
	}
	if a.field.Name == "offers" {
		st.openOffer()
	}
	base, _ := st.fill(row.With).(map[string]any)
	got := any(c.do(a.selecting(st.schema, base, "{ edges { cursor } }"), base).ok())
	if !isRoot(st.schema, a.root) {
		got = dig(st.t, got, "node")
	}
	cursors := column(st.t, dig(st.t, got, "payload.edges"), "cursor")
	require.NotEmpty(st.t, cursors, "%s gives nothing that has a cursor", a)
	return cursors[0]
}

// Every argument that takes a cursor has a line of the table.
func TestCursorsAreCovered(t *testing.T) {
	s := loadSchema(t)
	covered := map[string]bool{}
	for _, row := range readTable[cursorRow](t, "cursors.json") {
		covered[row.Argument] = true
		require.Equal(t, "Cursor", argumentNamed(t, s, row.Argument).typ.Name(), row.Argument)
	}
	for _, a := range everyArgument(s) {
		if a.typ.Name() == "Cursor" {
			require.True(t, covered[a.String()], `%s takes a cursor: add {"argument": %q} to testdata/cursors.json, with its other arguments in "with"`, a, a)
		}
	}
}

// No cursor of another workspace is a place in any list of mine: the answer is
// that for a text that was never given. B:Z7
func TestWalkForeignCursorsAreAsMadeUpOnes(t *testing.T) {
	walk.Alone(t)
	schema := loadSchema(t)
	onEngines(t, func(t *testing.T, s *server) {
		ours, theirs := s.furnished(t, schema), s.furnished(t, schema)
		rows := readTable[cursorRow](t, "cursors.json")
		foreign := map[string]bool{}
		for _, row := range rows {
			foreign[row.taken(theirs, argumentNamed(t, schema, row.Argument))] = true
		}
		unchanged := theirs.watched()
		for _, row := range rows {
			t.Run(row.Argument, func(t *testing.T) {
				st, a := ours.in(t), argumentNamed(t, schema, row.Argument)
				base, _ := st.fill(row.With).(map[string]any)
				for _, who := range []string{orElse(row.As, "owner"), "contact", "ai", "website", "partner", "agent1"} {
					for cursor := range foreign {
						got := a.requireSame(st.client(who), schema, a.put(t, schema, base, cursor), a.put(t, schema, base, never(t, cursor)))
						require.NotEmpty(t, got.Errors, got.text)
					}
				}
			})
		}
		unchanged(t)
	})
}

// Even a place of another workspace that is sealed for a list of one's own, which
// no caller can do, is what a place is that nothing ever had. B:Z7
func TestForeignPlacesAreAsMadeUpOnes(t *testing.T) {
	schema := loadSchema(t)
	onEngines(t, func(t *testing.T, s *server) {
		ours, theirs := s.furnished(t, schema), s.furnished(t, schema)
		unchanged := theirs.watched()
		for _, row := range readTable[cursorRow](t, "cursors.json") {
			a := argumentNamed(t, schema, row.Argument)
			if a.root == schema.Subscription || row.Argument == "Query.eventLog.before" {
				continue // the number of a record says nothing of whose it is
			}
			t.Run(row.Argument, func(t *testing.T) {
				st := ours.in(t)
				base, _ := st.fill(row.With).(map[string]any)
				at := theirs.placeOf(row.taken(theirs.in(t), a))
				own := ours.placeOf(row.taken(st, a))
				at.List = own.List
				if at == own {
					return // a number, which says nothing of whose it is
				}
				beside := at
				beside.ID += "x" // right behind, and of nothing
				c := st.client(orElse(row.As, "owner"))
				got := a.askFor(c, schema, a.put(t, schema, base, st.cursor(at)), a.whole(schema))
				code, _ := got.verdict()
				require.Empty(t, code, got.text)
				require.Equal(t, a.askFor(c, schema, a.put(t, schema, base, st.cursor(beside)), a.whole(schema)).text, got.text)
			})
		}
		unchanged(t)
	})
}

// A stream that goes on behind a place which was the last in another workspace
// tells nothing of what happened there. B:Z7
func TestStreamsBehindForeignPlacesTellWhatIsTheirs(t *testing.T) {
	schema := loadSchema(t)
	onEngines(t, func(t *testing.T, s *server) {
		ours, theirs := s.furnished(t, schema), s.furnished(t, schema)
		for _, row := range readTable[cursorRow](t, "cursors.json") {
			a := argumentNamed(t, schema, row.Argument)
			if a.root != schema.Subscription {
				continue
			}
			t.Run(row.Argument, func(t *testing.T) {
				st, other := ours.in(t), theirs.in(t)
				base, _ := st.fill(row.With).(map[string]any)
				at := st.placeOf(row.own(st, a))
				other.reassign("sales")
				foreign := at
				foreign.Key = other.placeOf(row.own(other, a)).Key
				require.NotEqual(t, at, foreign)
				other.reassign("support")
				st.reassign("sales")
				st.settle()
				st.reassign("support")
				st.settle()
				own := a.listen(st, base, at)
				require.Equal(t, own, a.listen(st, base, foreign))
				if a.field.Name != "eventLog" { // which has none
					require.Contains(t, own[0], `"gap":false`)
				}
			})
		}
	})
}

// own is taken once all that happened was told.
func (row cursorRow) own(st *stage, a argument) string {
	st.t.Helper()
	st.settle()
	return row.taken(st, a)
}

// listen gives the first two things that the stream says behind a place.
func (a argument) listen(st *stage, base map[string]any, at queuePositionState) []string {
	st.t.Helper()
	v := a.put(st.t, st.schema, base, st.cursor(at))
	stream := st.client("owner").connect().subscribe(a.selecting(st.schema, v, a.whole(st.schema)), v)
	var out []string
	for range 2 {
		m := stream.message()
		require.Equal(st.t, "next", m.Type, "%s", m.Payload)
		out = append(out, string(m.Payload))
	}
	return out
}
