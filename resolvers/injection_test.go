package resolvers_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"

	"switchboard/internal/testdb"
	"switchboard/internal/walk"
	"switchboard/store/mongo"
)

// mark is in every hostile text, so that it is known wherever it turns up.
const mark = "zz9"

// operatorLike are texts that a careless query would take for more than a text.
func operatorLike() []string {
	return []string{
		"$" + mark, `{"$` + mark + `": null}`, mark + ".$" + mark, "own." + mark, `{"$where": "` + mark + `"}`, `[{"$` + mark + `": 1}]`,
		mark + "', $or: [{}], a: '", mark + "\x00$ne", `$` + mark + `.$[].` + mark, ".*" + mark + "|.*",
	}
}

// keysSent watches the commands that go to a database.
type keysSent struct {
	mu       sync.Mutex
	commands int
	marked   []string // keys of documents that hold the mark
}

func (k *keysSent) monitor() *event.CommandMonitor {
	return &event.CommandMonitor{Started: func(_ context.Context, e *event.CommandStartedEvent) {
		k.mu.Lock()
		defer k.mu.Unlock()
		k.commands++
		k.walk(e.Command)
	}}
}

func (k *keysSent) walk(document bson.Raw) {
	elements, err := document.Elements()
	if err != nil {
		return // not one of ours to read
	}
	for _, e := range elements {
		if strings.Contains(e.Key(), mark) {
			k.marked = append(k.marked, e.Key())
		}
		switch v := e.Value(); v.Type {
		case bson.TypeEmbeddedDocument:
			k.walk(v.Document())
		case bson.TypeArray:
			k.walk(bson.Raw(v.Array()))
		default:
		}
	}
}

func takesText(a argument, s *ast.Schema) bool {
	switch a.typ.Name() {
	case "ID", "Cursor":
		return true
	case "String":
		return a.root != s.Subscription // a filter that is taken tells nothing until something happens
	}
	return false
}

// No text that a client sends is ever a key of what a database is sent, whatever
// argument it is put into; and what comes of it is the same on both engines.
func TestWalkNoInputIsAnOperator(t *testing.T) {
	walk.Alone(t)
	schema := loadSchema(t)
	keys := &keysSent{}
	opened, err := mongo.Open(t.Context(), mongo.Config{URI: testdb.URI(t), Database: testdb.Database(t), Monitor: keys.monitor()})
	require.NoError(t, err)
	require.NoError(t, opened.Migrate(t.Context()))
	wire, inside := serve(t, opened), onEmbedded(t)
	here, there := wire.newSpace(t, "enterprise", nil), inside.newSpace(t, "enterprise", nil)
	tried := 0
	for _, a := range arguments(schema) {
		if !takesText(a, schema) {
			continue
		}
		for _, text := range operatorLike() {
			tried++
			var codes []string
			for _, w := range []*space{here, there} {
				got := a.ask(w.as("owner"), schema, a.put(t, schema, w.required(schema, a), text))
				code, _ := got.verdict()
				require.NotEqual(t, "INTERNAL", code, "%s, %q: %s", a, text, got.text)
				codes = append(codes, code)
			}
			require.Equal(t, codes[0], codes[1], "%s, %q", a, text)
		}
	}
	require.Greater(t, tried, 100)
	require.Greater(t, keys.commands, 50, "nothing reached the database")
	require.Empty(t, keys.marked)
	require.Empty(t, wire.log.entries(t, `"level":"ERROR"`))
	require.Empty(t, inside.log.entries(t, `"level":"ERROR"`))
}

// The watch would see it.
func TestKeysAreSeen(t *testing.T) {
	document, err := bson.Marshal(bson.D{{Key: "find", Value: "c"}, {Key: "filter", Value: bson.D{{Key: "$or", Value: bson.A{bson.D{{Key: "$" + mark, Value: 1}}}}}}})
	require.NoError(t, err)
	k := &keysSent{}
	k.walk(document)
	require.Equal(t, []string{"$" + mark}, k.marked)
}
