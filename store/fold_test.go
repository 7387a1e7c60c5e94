package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/store"
)

// B:A2
func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "Søren Łódź": "soren lodz", "Ægir Þór": "aegir thor", "Zoë": "zoe", "ÉVRARD": "evrard", "e\u0301": "e", "İstanbul": "istanbul", "Ångström": "angstrom", "ΑΘΗΝΑ": "αθηνα", "日本": "日本", "ﬁ": "fi", "Weiß": "weiss", "Ἀθῆναι Σίσυφος": "αθηναι σισυφοσ",
	} {
		require.Equal(t, want, store.Fold(in), "%q", in)
	}
	rapid.Check(t, func(t *rapid.T) {
		folded := store.Fold(rapid.String().Draw(t, "text"))
		require.Equal(t, folded, store.Fold(folded), "folding twice changes nothing more")
	})
}

func TestWords(t *testing.T) {
	for in, want := range map[string][]string{
		"":                         nil,
		" - ":                      nil,
		"Colis perdu, à Évry!":     {"a", "colis", "evry", "perdu"},
		"again and again":          {"again", "and"},
		"parcel-7 o'brien x@y.org": {"7", "brien", "o", "org", "parcel", "x", "y"},
	} {
		require.Equal(t, want, store.Words(in), "%q", in)
	}
}
