package inbox_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

func TestLooksEmpty(t *testing.T) {
	for _, empty := range []string{
		"", " ", "\t\n", "\u00a0", "\u2003\u3000", "\u200b", "\u200d\u200c", "\ufeff", "\u2060", "\u00ad", "\u034f", "\u061c", "\u180e",
		"\u3164", "\uffa0", "\u115f", "\u1160", "\u2800", "\u0301", "\u20dd", "\u0903", "\ufe0f", "\u2028", "\u202e", "\U000e0041", "\U0001d159", "\x00", "\u0085",
	} {
		require.True(t, inbox.LooksEmpty(empty), "%q", empty)
		require.True(t, inbox.LooksEmpty(empty+" \u200b"+empty), "%q", empty)
		require.False(t, inbox.LooksEmpty(empty+"."+empty), "%q", empty)
	}
	for _, seen := range []string{"a", "0", ".", "?", "日", "\u0928\u0940", "😀", "👍🏽", "\u2801", "한", "e\u0301", "\ufffd", "\ue000", "→"} {
		require.False(t, inbox.LooksEmpty(seen), "%q", seen)
	}
}

// B:N3
func TestAddressesAreComparedByASCIICaseAlone(t *testing.T) {
	const own = "Kim.Sass@Example.test"
	d := workspace.Directory{Members: map[workspace.MemberID]workspace.Member{
		"kim": {ID: "kim", Email: own}, "gone": {ID: "gone", Email: "gone@example.test", Removed: true}, "none": {ID: "none"},
	}}
	for _, same := range []string{own, "kim.sass@example.test", "KIM.SASS@EXAMPLE.TEST"} {
		m, found := d.MemberByEmail(same)
		require.True(t, found, "%q", same)
		require.Equal(t, workspace.MemberID("kim"), m.ID)
	}
	for _, other := range []string{
		"\u212aim.sass@example.test", "kim.\u017fass@example.test", "kim.sa\u017fs@example.test", "kim.saß@example.test", "k\u0131m.sass@example.test",
		"K\u0130m.sass@example.test", "kim.sass@example.test\u200b", " kim.sass@example.test", "gone@example.test", "", "ｋim.sass@example.test",
	} {
		_, found := d.MemberByEmail(other)
		require.False(t, found, "%q", other)
		require.False(t, workspace.SameEmail(own, other), "%q", other)
	}
}

func TestCheckEmail(t *testing.T) {
	for _, address := range []string{"ann@example.com", "a@b", "ann+tag@example.com", "jürgen@exämple.de", "ÉVA@example.com", "用户@例子.公司"} {
		require.NoError(t, inbox.CheckEmail("email", address), "%q", address)
	}
	for _, none := range []string{
		"", "ann", "@example.com", "ann@", "ann@@example.com", "ann@example.com@example.org", `"a@b"@example.com`, `"a b"@example.com`, "ann @example.com",
		"ann@example.com ", "ann@exam\u200bple.com", "an\u00adn@example.com", "ann\u3164@example.com", "ann\ufe0f@example.com", "ann@exam\u2800ple.com", "ann\u202e@example.com",
		"ann\x00@example.com", "ann@example.com\n", "ann\u0085@example.com", "ann@exa\u00a0mple.com", "Ann <ann@example.com>", "<ann@example.com>", "ann@example.com, ben@example.com", "\xff@example.com",
	} {
		require.Error(t, inbox.CheckEmail("email", none), "%q", none)
	}
}

func TestControlCharactersAreInNoText(t *testing.T) {
	for r := range rune(' ') {
		err := inbox.CheckCharacters("body", "a"+string(r)+"b")
		if r == '\t' || r == '\n' || r == '\r' {
			require.NoError(t, err)
			continue
		}
		require.Equal(t, inbox.InvalidInput, inbox.CodeOf(err), "U+%04X", r)
	}
	require.Error(t, inbox.CheckCharacters("body", "\xff"))
	require.NoError(t, inbox.CheckCharacters("body", "नमस्ते\u200d 👨\u200d👩\u200d👧 \u061c"))
}
