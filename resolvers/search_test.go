package resolvers_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/contacts"
	"switchboard/inbox/desk"
)

// A search finds what has its words and signs, in lists, counts and live, and
// never everything, whatever it is made of. B:V1, B:V4
func TestSearchesWithoutLetters(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		for _, subject := range []string{"Where is it???", "Great 😀", "東京都の小包", "किताब खो गई", "plain"} {
			w.start(desk.NewConversation{Subject: subject, Contact: contacts.NewContact{Name: "Vera"}})
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
		found := map[string]string{"😀": "again 😀", "???": "what???", "小包": "私の小包です", "किताब": "नई किताब", "தமிழ்": "தமிழ் மொழி", "ของ": "พัสดุของฉัน"}
		streams := map[string]*stream{}
		for search := range found {
			streams[search] = owner.follow(`subscription($s: String) { inboxChanges(view: {search: $s}) { conversation { subject } } }`, vars{"s": search})
		}
		w.start(desk.NewConversation{Subject: "no sign", Contact: contacts.NewContact{Name: "Vera"}})
		for _, subject := range slices.Sorted(maps.Values(found)) {
			w.start(desk.NewConversation{Subject: subject, Contact: contacts.NewContact{Name: "Vera"}})
		}
		for search, subject := range found {
			require.Equal(t, subject, dig(t, streams[search].item(), "conversation.subject"), "%q", search)
		}
	})
}
