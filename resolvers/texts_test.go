package resolvers_test

import (
	"crypto/rand"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/graph/contract"
	"switchboard/internal/walk"
)

// textRow is one line of testdata/texts.json: how long a text may be.
type textRow struct {
	Argument string `json:"argument"`
	// Characters or Bytes is the longest that is taken. Any takes every length.
	Characters int  `json:"characters"`
	Bytes      int  `json:"bytes"`
	Any        bool `json:"any"`
	// Words says that only certain words are taken: all others are refused,
	// however long they are.
	Words bool `json:"words"`
	// Lines says that the text may have several lines. All others are of one line, in which
	// nothing breaks the line or turns the direction of what stands behind it.
	Lines bool `json:"lines"`
	// Blank says that a text of blanks is refused.
	Blank bool           `json:"blank"`
	As    string         `json:"as"`
	On    string         `json:"on"`
	Given []deed         `json:"given"`
	With  map[string]any `json:"with"`
}

// blanks are texts of which nobody would see anything.
func blanks() []string {
	return []string{
		" \n\t ", "\u00a0\u2003\u3000", "\u200b\u200d\u2060\ufeff", "\u3164\uffa0\u115f\u1160", "\u2800", "\u0301\u20dd",
		"\u00ad\u034f\u061c\u180e", "\u2028\u2029", "\ufe0f", "\U000e0020\U000e0041",
	}
}

// offLine are texts with what no text of one line may have.
func offLine() []string {
	var out []string
	for _, r := range "\n\r\t\u007f\u0085\u009b\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069" {
		out = append(out, "a"+string(r)+"b")
	}
	return out
}

// requireNone demands that a text of blanks is taken for none where none is taken,
// and kept nowhere.
func (row textRow) requireNone(t *testing.T, st *stage, a argument, c *client, base map[string]any) {
	t.Helper()
	if len(row.Given) > 0 || a.root != st.schema.Mutation {
		return
	}
	blank := strings.Join(blanks(), "")
	got := a.ask(c, st.schema, a.put(t, st.schema, base, blank))
	code, _ := got.verdict()
	require.Empty(t, code, "%q: %s", blank, got.text)
	require.NotContains(t, fmt.Sprintf("%q", st.traces()), `\u3164`, "it was kept")
	st.set(orElse(row.On, "chat of agent1"))
}

// longest gives the longest text that is taken, and one more. A key is a new
// one each time.
func (row textRow) longest() (taken, refused string) {
	if row.Words {
		return "", strings.Repeat("long", 1000)
	}
	if row.Bytes > 0 {
		key := rand.Text()
		taken = key + strings.Repeat("k", row.Bytes-len(key))
		return taken, taken + "k"
	}
	taken = strings.Repeat("é", row.Characters)
	if row.Lines {
		taken = "é\r\né\té" + strings.Repeat("é", row.Characters-6)
	}
	return taken, strings.Repeat("é", row.Characters+1)
}

// requireDeclared demands that the schema's @limit is what this row tries, a length at
// which a text is taken and the next at which it is refused.
func (row textRow) requireDeclared(t *testing.T, l contract.Limit) {
	t.Helper()
	switch {
	case row.Bytes > 0:
		require.Equal(t, contract.Limit{Max: row.Bytes, Unit: "bytes"}, l, row.Argument)
	case row.Characters > 0 && l.Unit == "bytes": // of two bytes each
		require.Equal(t, 2*row.Characters, l.Max, row.Argument)
	case row.Characters > 0:
		require.Equal(t, contract.Limit{Min: map[bool]int{true: 1}[row.Blank], Max: row.Characters, Unit: "characters"}, l, row.Argument)
	}
}

// requireOneLine demands that the argument is refused with what no text of one line may have.
func requireOneLine(t *testing.T, st *stage, a argument, c *client, base map[string]any) {
	t.Helper()
	for _, text := range offLine() {
		got := a.ask(c, st.schema, a.put(t, st.schema, base, text))
		code, field := got.verdict()
		require.Equal(t, "INVALID_INPUT", code, "%q: %s", text, got.text)
		require.Equal(t, a.path[len(a.path)-1], field[len(field)-1], got.text)
	}
}

func TestTextsAreCovered(t *testing.T) {
	s := loadSchema(t)
	covered := map[string]bool{}
	for _, row := range readTable[textRow](t, "texts.json") {
		covered[row.Argument] = true
		require.True(t, row.Any || row.Words || row.Bytes > 0 || row.Characters > 0, row.Argument)
		row.requireDeclared(t, argumentNamed(t, s, row.Argument).limit(s))
	}
	for _, a := range arguments(s) {
		if a.typ.Name() == "String" {
			require.True(t, covered[a.String()], "testdata/texts.json has no line for %s", a)
		}
	}
}

func TestWalkTextsAreBounded(t *testing.T) {
	walk.Alone(t)
	schema := loadSchema(t)
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		for _, row := range readTable[textRow](t, "texts.json") {
			if row.Any {
				continue
			}
			t.Run(row.Argument, func(t *testing.T) {
				st, a := &stage{space: w.in(t), schema: schema}, argumentNamed(t, schema, row.Argument)
				st.set(orElse(row.On, "chat of agent1"))
				for _, d := range row.Given {
					st.succeed(d)
				}
				base, _ := st.fill(row.With).(map[string]any)
				c := st.client(orElse(row.As, "owner"))
				taken, refused := row.longest()
				tooLong := []string{refused, "a\x00b", "\x1b[1m", "\x07"}
				search := a.path[len(a.path)-1] == "search"
				switch {
				case row.Blank:
					tooLong = append(append(tooLong, blanks()...), "")
				case row.Bytes > 0 && !search:
					tooLong = append(tooLong, blanks()...)
				case row.Characters > 0:
					row.requireNone(t, st, a, c, base)
					base, _ = st.fill(row.With).(map[string]any)
				}
				for _, text := range tooLong {
					got := a.ask(c, schema, a.put(t, schema, base, text))
					code, field := got.verdict()
					require.Equal(t, "INVALID_INPUT", code, got.text)
					require.Equal(t, a.path[len(a.path)-1], field[len(field)-1], got.text)
					require.NotContains(t, got.text, refused, "the answer repeats what it refuses")
				}
				if row.Words {
					return
				}
				if !row.Lines {
					requireOneLine(t, st, a, c, base)
				}
				if a.root == schema.Subscription {
					c.followAtOnce(a.document(schema, a.put(t, schema, base, taken)), a.put(t, schema, base, taken))
					return
				}
				got := a.ask(c, schema, a.put(t, schema, base, taken))
				code, _ := got.verdict()
				if search && code == "NOTHING" {
					return // it was searched for, and nothing has it
				}
				require.Empty(t, code, "%.300s", got.text)
			})
		}
	})
}
