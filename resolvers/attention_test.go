package resolvers_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/desk"
	"switchboard/resolvers"
)

const (
	followAttention = `subscription($of: AttentionScope!) { attention(of: $of) { conversations { conversationId present { kind internal actor { __typename name } } } } }`
	// Contacts may select all of it.
	showAttention = `mutation($input: ShowAttentionInput!) { showAttention(input: $input) { validFor present { kind internal actor { __typename name } } userErrors { code } } }`
)

// at is a scope of conversations.
func at(all ...inbox.Conversation) vars {
	ids := []string{}
	for _, c := range all {
		ids = append(ids, resolvers.ConversationID(c.ID))
	}
	return vars{"of": object{"conversationIds": ids}}
}

// shows says what the client does at c: "TYPING", "TYPING note", or "" for nothing, in a
// window behind a colon.
func (c *client) shows(at inbox.Conversation, what string) answer {
	c.t.Helper()
	what, window, _ := strings.Cut(what, ":")
	kind, note := strings.CutSuffix(what, " note")
	input := object{"conversationId": resolvers.ConversationID(at.ID), "window": window}
	if kind != "" {
		input["kind"] = kind
	}
	if note {
		input["internal"] = true
	}
	return c.do(showAttention, vars{"input": input})
}

// showed demands that it is shown, and gives who else is there.
func (c *client) showed(at inbox.Conversation, what string) string {
	c.t.Helper()
	a := c.shows(at, what)
	require.Empty(c.t, a.at("showAttention.userErrors"), a.text)
	return people(c.t, a.at("showAttention.present"))
}

// people are those present as a line, such as "Anna Berg TYPING, Ada ai TYPING note".
func people(t *testing.T, present any) string {
	t.Helper()
	list, ok := present.([]any)
	require.True(t, ok)
	var out []string
	for _, one := range list {
		text := fmt.Sprint(dig(t, one, "actor.name"), " ", dig(t, one, "kind"))
		if dig(t, one, "internal") == true {
			text += " note"
		}
		out = append(out, text)
	}
	return strings.Join(out, ", ")
}

// attended is the next item: who is at each conversation.
func (st *stream) attended() map[string]string {
	st.t.Helper()
	list, ok := st.item()["conversations"].([]any)
	require.True(st.t, ok)
	out := map[string]string{}
	for _, one := range list {
		id, _ := dig(st.t, one, "conversationId").(string)
		out[id] = people(st.t, dig(st.t, one, "present"))
	}
	return out
}

// until reads items until the conversation is attended so. What comes between is what
// was so for a moment.
func (st *stream) until(c inbox.Conversation, want string) {
	st.t.Helper()
	for {
		if got, told := st.attended()[resolvers.ConversationID(c.ID)]; told && got == want {
			return
		}
	}
}

// begun demands that nobody is anywhere at first.
func (st *stream) begun() *stream {
	st.t.Helper()
	require.Empty(st.t, st.attended())
	return st
}

// Members see each other look and write, wherever they look: by ids, in a view; never
// themselves.
func TestMembersSeeWhoLooksAndWrites(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.ticket("team support")
		anna, emile := w.as("agent1"), w.as("agent2")
		inside := emile.follow(followAttention, at(c)).begun()
		rows := emile.follow(followAttention, vars{"of": object{"view": object{"list": "UNASSIGNED"}}}).begun()
		own := anna.follow(followAttention, at(c)).begun()
		for _, step := range []struct{ says, seen string }{
			{"VIEWING", "Anna Berg VIEWING"},
			{"TYPING", "Anna Berg TYPING"},
			{"VIEWING:other", ""}, // a second window that does less changes nothing
			{"DRAFTING", "Anna Berg DRAFTING"},
			{"TYPING note:other", "Anna Berg TYPING note"},
			{":other", "Anna Berg DRAFTING"},
			{"", "-"},
		} {
			require.Empty(t, anna.showed(c, step.says), "nobody else is there")
			if step.seen != "" {
				inside.until(c, strings.Trim(step.seen, "-"))
				rows.until(c, strings.Trim(step.seen, "-"))
			}
		}
		anna.showed(c, "TYPING")
		inside.until(c, "Anna Berg TYPING")
		require.Equal(t, "Anna Berg TYPING", emile.showed(c, "VIEWING"), "the answer says who is there")
		own.until(c, "Émile Okafor VIEWING")
		require.Equal(t, map[string]string{resolvers.ConversationID(c.ID): "Anna Berg TYPING"}, emile.follow(followAttention, at(c)).attended(), "who comes later sees who is there")
	})
}

// A contact is shown that somebody types an answer, and no more than that: not who
// looks, drafts, or writes a note, and nobody who may not answer now.
func TestContactsSeeAnswersBeingTyped(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.owned("agent1")
		visitor := w.contact(c)
		page := visitor.follow(followAttention, at(c)).begun()
		colleague := w.as("agent2").follow(followAttention, at(c)).begun()
		anna := w.as("agent1")
		for _, hidden := range []string{"VIEWING", "DRAFTING", "TYPING note"} {
			anna.showed(c, hidden)
			colleague.until(c, "Anna Berg "+hidden)
		}
		w.as("agent2").showed(c, "TYPING") // who would have to take over first
		require.Equal(t, "Anna Berg TYPING note, Émile Okafor TYPING", people(t, w.as("senior").shows(c, "VIEWING").at("showAttention.present")))
		anna.showed(c, "TYPING")
		require.Equal(t, map[string]string{resolvers.ConversationID(c.ID): "Anna Berg TYPING"}, page.attended(), "the first that the contact is shown")
		anna.showed(c, "DRAFTING")
		require.Equal(t, map[string]string{resolvers.ConversationID(c.ID): ""}, page.attended())

		require.Empty(t, visitor.showed(c, "TYPING"))
		colleague.until(c, "Vera Visitor TYPING, Anna Berg DRAFTING, Samira Haddad VIEWING")
		for _, refused := range []string{"VIEWING", "DRAFTING", "TYPING note"} {
			require.Equal(t, []string{"INVALID_INPUT"}, column(t, visitor.shows(c, refused).at("showAttention.userErrors"), "code"), refused)
		}
		require.Equal(t, "PERMISSION_DENIED", visitor.connect().subscribe(followAttention, vars{"of": object{"view": object{}}}).refused())

		chat := w.chat()
		waiting := w.contact(chat).follow(followAttention, at(chat)).begun()
		w.as("ai").showed(chat, "TYPING")
		waiting.until(chat, "Ada ai TYPING")
		w.claim(chat, "agent1") // the AI stops
		waiting.until(chat, "")
	})
}

// Whoever watches by the permission monitor leaves no trace, whatever is said. B:M1
func TestWatchingIsShownToNobody(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.owned("agent1")
		owner := w.as("agent1").follow(followAttention, at(c)).begun()
		for _, what := range []string{"VIEWING", "DRAFTING", "TYPING", "TYPING note"} {
			w.as("manager").showed(c, what)
			w.as("owner").showed(c, what)
		}
		w.as("agent2").showed(c, "VIEWING")
		require.Equal(t, map[string]string{resolvers.ConversationID(c.ID): "Émile Okafor VIEWING"}, owner.attended(), "the first that anybody is shown")
		_, err := w.service.Desk.TakeOver(t.Context(), w.principal("manager"), desk.Request{Conversation: c.ID}, nil, "")
		require.NoError(t, err)
		owner.until(c, "Émile Okafor VIEWING, Mara Lindqvist TYPING note")
	})
}

// Two who begin an answer at once, on two servers, both see it before they send. Nobody
// is blocked, and whoever sends hears of the other.
func TestTwoWhoBeginAnAnswerSeeEachOther(t *testing.T) {
	servers := newCluster(t, 2)
	w := servers[0].newSpace(t, "enterprise", nil)
	there := w.on(servers[1])
	for n := range 10 {
		c := w.ticket("team support")
		anna, emile := w.as("agent1"), there.as("agent2")
		hers, his := anna.follow(followAttention, at(c)).begun(), emile.follow(followAttention, at(c)).begun()
		began := time.Now()
		if n%2 == 0 {
			anna.showed(c, "TYPING")
			emile.showed(c, "TYPING")
		} else {
			emile.showed(c, "TYPING")
			anna.showed(c, "TYPING")
		}
		hers.until(c, "Émile Okafor TYPING")
		his.until(c, "Anna Berg TYPING")
		t.Logf("both saw it after %s", time.Since(began).Round(time.Millisecond))
		for who, other := range map[*client]string{anna: "Émile Okafor", emile: "Anna Berg"} {
			sent := who.do(`mutation($input: SendMessageInput!) { sendMessage(input: $input) { message { id } alsoWriting { kind internal actor { name } } userErrors { code } } }`,
				vars{"input": object{"conversationId": resolvers.ConversationID(c.ID), "body": "Hello"}})
			require.NotNil(t, sent.at("sendMessage.message"), "nobody is blocked")
			require.Equal(t, other+" TYPING", people(t, sent.at("sendMessage.alsoWriting")))
		}
	}
}
