package mongo_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/internal/testdb"
	"switchboard/store/mongo"
	"switchboard/store/storetest"
)

var update = flag.Bool("update", false, "write testdata/walks.csv anew")

const (
	walksFile = "testdata/walks.csv"
	page      = 50
	// population is how many conversations the workspace has.
	population = 3000
)

// A page of 50 of every list, for every visibility and among 5, 250 and 1,000 teammates,
// reads what testdata/walks.csv says: documents walked / found, by the rules that
// MongoDB's planner goes by, among 3,000 conversations of which 452 are live. The column
// "bound" says what bounds the walk:
//
//   - page: nothing is read that is not in the list.
//   - live: at most the conversations that are not closed, whatever the history.
//   - share: the page, divided by the share that the list has of what is walked.
//   - named: all that has the words, the contact, the address, or the star, which is read
//     and sorted.
//
// B:V1, B:Z1, B:Z8
func TestWhatListsWalk(t *testing.T) {
	ctx, sent := context.Background(), &recorder{}
	s := open(t, mongo.Config{URI: testdb.URI(t), Database: testdb.Database(t), Monitor: sent.monitor()})
	t.Cleanup(func() { require.NoError(t, s.Close(ctx)) })
	all := storetest.ListedConversations("w", "c", population)
	plans := newPlanner(t, indexKeys(t, sent), all)
	rows, err := storetest.ListRows()
	require.NoError(t, err)
	got := [][]string{{"view", "visibility", "bound", "5", "250", "1000"}}
	for _, row := range rows {
		last := got[len(got)-1]
		if last[0] != row.View || last[1] != row.Visibility {
			last = []string{row.View, row.Visibility, "page"}
			got = append(got, last)
		}
		read, found := reading{}, false
		orders := []access.OrderField{access.ByCreated, access.ByWaiting, access.ByAwaitingReply, access.ByLastActivity}
		if row.Teammates < 1000 {
			orders = orders[3:]
		}
		for _, field := range orders {
			q := row.Query
			q.Workspace, q.Order, q.Page = "w", access.Order{Field: field, Desc: true}, inbox.PageRequest{Limit: page}
			for _, c := range all[:20] {
				q.Visibility.Starred = append(q.Visibility.Starred, c.ID)
			}
			sent.taken()
			_, err := s.ListConversations(ctx, q)
			require.NoError(t, err)
			if commands := sent.taken(); len(commands) > 0 {
				var f find
				require.NoError(t, bson.Unmarshal(commands[0], &f))
				requireOneWalk(t, f)
				read, found = plans.read(t, f), true
				requireInOrder(t, f, read)
			}
		}
		last[2] = widerBound(last[2], row.Query.View, read)
		cell := "-"
		if found {
			cell = fmt.Sprintf("%d/%d", read.walked, read.found)
		}
		got[len(got)-1] = append(last, cell)
	}
	compareWalks(t, got)
}

// requireOneWalk demands one clause on the facets at most, of at most 100 values.
func requireOneWalk(t *testing.T, f find) {
	t.Helper()
	clauses := clausesOn(f.Filter, "places")
	require.LessOrEqual(t, len(clauses), 1, "%v", f.Filter)
	for _, c := range clauses {
		require.LessOrEqual(t, points(c), 100)
	}
	require.Len(t, predicates(f.Filter, "places"), len(clauses), "the clause is no top level one: %v", f.Filter)
	require.IsType(t, "", predicates(f.Filter, "workspace")[0].Value)
}

// requireInOrder demands that an index gives the order of the list, unless the list names
// what it holds.
func requireInOrder(t *testing.T, f find, read reading) {
	t.Helper()
	if strings.HasPrefix(f.Hint, "list_") {
		require.False(t, read.sorts, "%d ranges: %v", read.ranges, f.Filter)
		require.LessOrEqual(t, read.ranges, mostRanges)
	}
}

// clausesOn finds the clauses on a field wherever they stand.
func clausesOn(filter bson.D, field string) (out []any) {
	for _, e := range filter {
		switch clauses, ok := e.Value.(bson.A); {
		case e.Key == field:
			out = append(out, e.Value)
		case ok && strings.HasPrefix(e.Key, "$"):
			for _, clause := range clauses {
				out = append(out, clausesOn(clause.(bson.D), field)...)
			}
		}
	}
	return out
}

func widerBound(bound string, v access.View, read reading) string {
	switch {
	case read.sorts:
		return "named"
	case read.walked == read.found || bound == "share":
		return bound
	case v.List == access.ListUnassigned, v.List == access.ListQueued, len(v.Statuses) > 0 && !inbox.OneOf(v.Statuses, inbox.Closed):
		return "live"
	}
	return "share"
}

func compareWalks(t *testing.T, got [][]string) {
	t.Helper()
	var text bytes.Buffer
	require.NoError(t, csv.NewWriter(&text).WriteAll(got))
	if *update {
		require.NoError(t, os.WriteFile(walksFile, text.Bytes(), 0o600))
	}
	want, err := os.ReadFile(walksFile)
	require.NoError(t, err)
	require.Equal(t, string(want), text.String(), "run with -update if the change is meant")
}

// indexKeys are the indexes of conversations, as they were made.
func indexKeys(t *testing.T, sent *recorder) map[string][]string {
	t.Helper()
	keys := map[string][]string{"_id_": {"_id"}}
	for _, command := range sent.taken() {
		var made struct {
			Of      string `bson:"createIndexes"`
			Indexes []struct {
				Name string
				Key  bson.D
			}
		}
		if names([]bson.Raw{command})[0] != "createIndexes" {
			continue
		}
		require.NoError(t, bson.Unmarshal(command, &made))
		for _, i := range made.Indexes {
			if made.Of != "conversations" {
				continue
			}
			for _, e := range i.Key {
				keys[i.Name] = append(keys[i.Name], e.Key)
			}
		}
	}
	return keys
}
