package resolvers_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
)

// A search finds what has its words and signs, in lists, counts and live, and
// never everything, whatever it is made of. B:V1, B:V4
func TestSearchesWithoutLetters(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		for _, subject := range []string{"Where is it???", "Great 😀", "東京都の小包", "किताब खो गई", "plain"} {
			w.start(inbox.NewConversation{Subject: subject, Contact: inbox.NewContact{Name: "Vera"}})
		}
		owner := w.as("owner")
		for search, want := range map[string][]any{
			"?": {"Where is it???"}, "???": {"Where is it???"}, "😀": {"Great 😀"}, "小包": {"東京都の小包"}, "किताब": {"किताब खो गई"},
			"कताब": {}, "!": {}, "😢": {}, "…": {}, "\ue000": {}, "大阪": {}, "plain?": {"plain"},
		} {
			got := owner.do(`query($s: String) { conversations(view: {search: $s}) { totalCount nodes { subject } } inboxCounts(views: [{search: $s}]) { count } }`, vars{"s": search})
			subjects := []any{}
			nodes, _ := got.at("conversations.nodes").([]any)
			for _, n := range nodes {
				subjects = append(subjects, dig(t, n, "subject"))
			}
			require.Equal(t, want, subjects, "%q", search)
		}
		live := owner.follow(`subscription { inboxChanges(view: {search: "😀"}) { conversation { subject } } }`, nil)
		w.start(inbox.NewConversation{Subject: "no sign", Contact: inbox.NewContact{Name: "Vera"}})
		w.start(inbox.NewConversation{Subject: "again 😀", Contact: inbox.NewContact{Name: "Vera"}})
		require.Equal(t, "again 😀", dig(t, live.item(), "conversation.subject"))
	})
}
