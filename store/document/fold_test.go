package document_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/inbox"
	"switchboard/store/document"
)

// B:A2
func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "Søren Łódź": "soren lodz", "Ægir Þór": "aegir thor", "Zoë": "zoe", "ÉVRARD": "evrard", "e\u0301": "e", "İstanbul": "istanbul", "Ångström": "angstrom", "ΑΘΗΝΑ": "αθηνα", "日本": "日本", "ﬁ": "fi", "Weiß": "weiss", "Ἀθῆναι Σίσυφος": "αθηναι σισυφοσ",
	} {
		require.Equal(t, want, document.Fold(in), "%q", in)
	}
	rapid.Check(t, func(t *rapid.T) {
		folded := document.Fold(rapid.String().Draw(t, "text"))
		require.Equal(t, folded, document.Fold(folded), "folding twice changes nothing more")
	})
}

// searchRow is one line of testdata/search.json: a text, and searches that find it
// and do not.
type searchRow struct {
	Text   string   `json:"text"`
	Finds  []string `json:"finds"`
	Misses []string `json:"misses"`
}

func finds(text, search string) bool {
	has, terms := document.Words(text), document.Terms(search)
	return len(terms) > 0 && !slices.ContainsFunc(terms, func(term string) bool {
		return !slices.ContainsFunc(has, func(w string) bool { return strings.HasPrefix(w, term) })
	})
}

// B:V1
func TestSearches(t *testing.T) {
	data, err := os.ReadFile("testdata/search.json")
	require.NoError(t, err)
	var rows []searchRow
	require.NoError(t, json.Unmarshal(data, &rows))
	for _, row := range rows {
		for _, search := range row.Finds {
			require.True(t, finds(row.Text, search), "%q finds %q: %q in %q", search, row.Text, document.Terms(search), document.Words(row.Text))
		}
		for _, search := range row.Misses {
			require.False(t, finds(row.Text, search), "%q does not find %q: %q in %q", search, row.Text, document.Terms(search), document.Words(row.Text))
		}
	}
}

// A conversation is found by its contact's address and phone number, however the number
// is grouped, and dialled from wherever. B:V1
func TestSearchesForContacts(t *testing.T) {
	data, err := os.ReadFile("testdata/contacts.json")
	require.NoError(t, err)
	var rows []struct {
		Email, Phone  string
		Finds, Misses []string
	}
	require.NoError(t, json.Unmarshal(data, &rows))
	for _, row := range rows {
		text := inbox.Conversation{Subject: "A subject", ContactName: "Vera", ContactEmail: row.Email, ContactPhone: row.Phone}.SearchText()
		for _, search := range row.Finds {
			require.True(t, finds(text, search), "%q finds %q: %q in %q", search, text, document.Terms(search), document.Words(text))
		}
		for _, search := range row.Misses {
			require.False(t, finds(text, search), "%q does not find %q: %q in %q", search, text, document.Terms(search), document.Words(text))
		}
	}
}

// A search that anything can be seen of demands something; a text is found by
// itself and by each two neighbours of its characters where it has no spaces.
func TestSearchesDemandWhatIsSeen(t *testing.T) {
	for _, blank := range []string{"", " ", "\u200b\u00a0", "\u2800", "\ufe0f"} {
		require.Empty(t, document.Terms(blank), "%q", blank)
	}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		if !inbox.LooksEmpty(text) {
			require.NotEmpty(t, document.Terms(text), "%q", text)
			require.True(t, finds(text, text), "%q", text)
		}
		packed := rapid.StringMatching(`[\p{Han}\p{Hiragana}\p{Katakana}]{2,10}`).Draw(t, "packed")
		at := rapid.IntRange(0, len([]rune(packed))-2).Draw(t, "at")
		require.True(t, finds(text+packed+text, string([]rune(packed)[at:at+2])), "%q", packed)
	})
}

func TestWords(t *testing.T) {
	for in, want := range map[string][]string{
		"":                     nil,
		" \u200b ":             nil,
		" - ":                  {"-"},
		"Colis perdu, à Évry!": {"!", ",", "a", "colis", "evry", "perdu"},
		"again and again":      {"again", "and"},
		"東京都":                  {"京都", "東京", "都"},
	} {
		require.Equal(t, want, document.Words(in), "%q", in)
	}
	signs := ""
	for r := rune(0x2190); r < 0x2190+200; r++ {
		signs += string(r)
	}
	require.Len(t, document.Words(signs), 64, "signs are bounded")
}
