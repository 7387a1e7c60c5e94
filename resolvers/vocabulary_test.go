package resolvers_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/authz"
	"switchboard/inbox/workspace"
	"switchboard/resolvers"
)

// wordRow is one line of testdata/vocabulary.json: an operation that asks for a
// permission, or for a feature of the plan.
type wordRow struct {
	Word    string         `json:"word"`
	Feature bool           `json:"feature"`
	On      string         `json:"on"`
	Rules   map[string]any `json:"rules"`
	// Ask is refused to one caller, with the word, and not to the other.
	Ask              string `json:"ask"`
	Refused, Allowed struct {
		As   string `json:"as"`
		Plan string `json:"plan"`
	}
	// Everywhere is for a feature that every plan of the presets includes, so that
	// nobody is refused for it: a permission must depend on it.
	Everywhere bool `json:"everywhere"`
}

// What can be granted, and what a plan can include, is asked for by an operation, or
// it is not in the vocabulary. B:Z1, B:Z3
func TestEveryWordOfTheVocabularyOpensSomething(t *testing.T) {
	type word struct {
		text    string
		feature bool
	}
	proved := map[word]bool{}
	for _, row := range readTable[wordRow](t, "vocabulary.json") {
		proved[word{row.Word, row.Feature}] = true
	}
	var words []word
	for _, a := range workspace.PermActions() {
		words = append(words, word{string(a), false})
	}
	for _, a := range workspace.WorkspaceActions() {
		words = append(words, word{string(a), false})
	}
	for _, f := range workspace.Features() {
		words = append(words, word{string(f), true})
	}
	for _, w := range words {
		require.True(t, proved[w], "%+v opens nothing: add an operation that asks for it to testdata/vocabulary.json, or take the word out of the vocabulary", w)
		delete(proved, w)
	}
	require.Empty(t, proved, "testdata/vocabulary.json has words that nobody can be granted")
}

func TestWordsOfTheVocabularyAreAskedFor(t *testing.T) {
	s, schema := onEmbedded(t), loadSchema(t)
	for _, row := range readTable[wordRow](t, "vocabulary.json") {
		name := row.Word
		if row.Feature {
			name += ", a feature"
		}
		t.Run(name, func(t *testing.T) {
			if row.Everywhere {
				requireEverywhere(t, workspace.Feature(row.Word))
				return
			}
			want := "PERMISSION_DENIED"
			if row.Feature {
				want = "PLAN_REQUIRED"
			}
			refused := row.ask(&stage{space: s.newSpace(t, orElse(row.Refused.Plan, "enterprise"), nil), schema: schema}, row.Refused.As)
			code, _ := refused.verdict()
			require.Equal(t, want, code, refused.text)
			require.Contains(t, refused.text, row.Word)
			allowed := row.ask(&stage{space: s.newSpace(t, orElse(row.Allowed.Plan, "enterprise"), nil), schema: schema}, row.Allowed.As)
			code, _ = allowed.verdict()
			require.Empty(t, code, allowed.text)
		})
	}
}

func (row wordRow) ask(st *stage, who string) answer {
	st.t.Helper()
	st.set(row.On)
	if row.Rules != nil {
		st.succeed(deed{As: "owner", Do: "updateWorkspaceRules", Input: row.Rules})
	}
	v := vars{}
	if st.current.ID != "" {
		v["id"], v["to"] = resolvers.ConversationID(st.current.ID), st.global("member agent2")
	}
	return st.as(who).do(row.Ask, v)
}

func requireEverywhere(t *testing.T, f workspace.Feature) {
	t.Helper()
	for _, name := range authz.Presets() {
		loaded, err := authz.Preset(name)
		require.NoError(t, err)
		for _, plan := range loaded.Plans() {
			included, _ := authz.New(loaded).Includes(plan.Name, f)
			require.True(t, included, "%s on %s of %s: prove it by a refusal", f, plan.Name, name)
		}
	}
	require.Contains(t, needed(), f)
}

// needed are the features that permissions depend on.
func needed() (out []workspace.Feature) {
	for _, a := range workspace.PermActions() {
		out = append(out, workspace.FeatureOf(a))
	}
	return out
}
