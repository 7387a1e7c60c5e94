package resolvers_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/internal/faultlink"
	"switchboard/internal/testdb"
	"switchboard/store/mongo"
)

// onCounted is onWire on a server of the test's own, with what goes over the wire.
func onCounted(t *testing.T) (*server, *faultlink.Wire) {
	t.Helper()
	uri := testdb.Start(t, testdb.Options{}).URI()
	host, rest, _ := strings.Cut(strings.TrimPrefix(uri, "mongodb://"), "/")
	wire, err := faultlink.ListenWire(t.Context(), host)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, wire.Close()) })
	opened, err := mongo.Open(t.Context(), mongo.Config{URI: "mongodb://" + wire.Addr() + "/" + rest})
	require.NoError(t, err)
	require.NoError(t, opened.Migrate(t.Context()))
	return serve(t, opened), wire
}

// asked are the commands of requests: those of the driver itself and of the one stream
// that is open all the time are not.
func asked(c faultlink.Command) bool {
	switch c.Name {
	case "hello", "ping", "endSessions":
		return false
	}
	return c.Name != "getMore" || !c.Stream
}

// forged are texts that no server has sealed for the caller's workspace, made of one
// that was.
func forged(t *testing.T, own, foreign string) map[string]string {
	t.Helper()
	out := map[string]string{
		"empty": "", "no cursor": "x", "foreign": foreign, "made up": never(t, own), "cut": own[:len(own)-4],
		"not sealed": base64.RawURLEncoding.EncodeToString([]byte(`{"l":"1","k":"2","i":"live"}`)),
	}
	raw := []byte(decoded(t, own))
	for name, at := range map[string]int{"form": 0, "key": 1, "nonce": 6, "text": len(raw) / 2, "mark": len(raw) - 1} {
		altered := append([]byte{}, raw...)
		altered[at] ^= 1
		out["altered "+name] = base64.RawURLEncoding.EncodeToString(altered)
	}
	return out
}

// A cursor that was made up, altered, or given to another workspace is refused before
// anything is asked of the database, by every argument that takes one. B:Z7
func TestForgedCursorsNeverReachTheDatabase(t *testing.T) {
	schema := loadSchema(t)
	s, wire := onCounted(t)
	ours, theirs := s.furnished(t, schema), s.furnished(t, schema)
	for _, row := range readTable[cursorRow](t, "cursors.json") {
		t.Run(row.Argument, func(t *testing.T) {
			st, a := ours.in(t), argumentNamed(t, schema, row.Argument)
			base, _ := st.fill(row.With).(map[string]any)
			c := st.client(orElse(row.As, "owner"))
			for name, cursor := range forged(t, row.taken(st, a), row.taken(theirs.in(t), a)) {
				v := a.put(t, schema, base, cursor)
				reached := true
				for tries := 0; reached && tries < 5; tries++ { // what is numbered meanwhile is asked by others
					before := wire.Total(asked).Commands
					got := a.askFor(c, schema, v, a.whole(schema))
					code, _ := got.verdict()
					require.Equal(t, "INVALID_CURSOR", code, "%s: %s", name, got.text)
					reached = before != wire.Total(asked).Commands
				}
				require.False(t, reached, "%s: %v", name, wire.Counts())
			}
		})
	}
}
