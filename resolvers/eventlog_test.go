package resolvers_test

import (
	"encoding/json"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/graph/contract"
	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/eventlog"
	"switchboard/inbox/workspace"
	"switchboard/resolvers"
)

// numbered waits until all that was committed has its number, and gives all records.
func (w *space) numbered() []eventlog.Record {
	w.t.Helper()
	w.settle()
	require.NoError(w.t, w.tail.Caught(w.t.Context(), w.id, patience))
	got, err := w.service.Log.Read(w.t.Context(), w.id, 0, 10_000)
	require.NoError(w.t, err)
	require.NotEmpty(w.t, got)
	return got
}

const (
	logRow = ` { cursor sequence record at removed conversation { id subject } event { id version sequence kind note } ` +
		`message { id body logSequence internal } memberState { member { id } availability since by { __typename } } }`
	followLog = `subscription($filter: EventLogFilter, $from: LogPlace, $after: Cursor) { eventLog(filter: $filter, from: $from, after: $after)` + logRow + ` }`
	readLog   = `query($filter: EventLogFilter, $from: LogPlace, $first: Int, $after: Cursor, $last: Int, $before: Cursor) { ` +
		`eventLog(filter: $filter, from: $from, first: $first, after: $after, last: $last, before: $before) { oldest newest pageInfo { hasNextPage hasPreviousPage startCursor endCursor } nodes` + logRow + ` } }`
)

func (w *space) write(c inbox.Conversation, as, body string, internal bool) {
	w.t.Helper()
	_, err := w.service.Messages.Send(w.t.Context(), w.principal(as), desk.SendRequest{Conversation: c.ID, Body: body, Internal: internal})
	require.NoError(w.t, err)
}

func sequenceOf(t *testing.T, row object) int {
	t.Helper()
	n, err := strconv.Atoi(dig(t, row, "sequence").(string))
	require.NoError(t, err)
	return n
}

// The same event has one id, one sequence and one version wherever it is read, live or
// later. B:V12
func TestAnEventHasOneNumberEverywhere(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "total", nil)
		owner := w.as("owner")
		c := w.chat()
		w.numbered() // so that now is behind it
		live := owner.follow(`subscription { assignmentEvents { cursor node { id sequence version } } }`, nil)
		log := owner.follow(followLog, vars{"filter": object{"records": []any{"OWNERSHIP"}}, "from": object{"now": true}})
		w.claim(c, "agent1")
		got := live.item()
		node, logged := dig(t, got, "node").(object), log.item()
		require.NotNil(t, node["sequence"])
		require.Equal(t, node["sequence"], logged["sequence"])
		for _, field := range []string{"id", "sequence", "version"} {
			require.Equal(t, dig(t, logged, "event."+field), node[field])
		}
		history := owner.do(`query($id: ID!) { conversation(id: $id) { history(first: 1) { nodes { id sequence version } } } }`, vars{"id": resolvers.ConversationID(c.ID)})
		require.Equal(t, []any{node}, history.at("conversation.history.nodes"))
		page := owner.do(readLog, vars{"from": object{"eventId": node["id"]}, "first": 1})
		require.Equal(t, []any{logged}, page.at("eventLog.nodes"))
		again := owner.do(readLog, vars{"after": dig(t, got, "cursor")})
		require.Empty(t, again.at("eventLog.nodes"), "a live cursor leads into the log")
		answer := owner.do(`mutation($id: ID!) { takeOverConversation(input: {conversationId: $id}) { event { id sequence } userErrors { code } } }`, vars{"id": resolvers.ConversationID(c.ID)})
		require.Nil(t, answer.at("takeOverConversation.event.sequence"))
		require.Equal(t, answer.at("takeOverConversation.event.id"), dig(t, log.item(), "event.id"))
		next := owner.follow(`subscription($after: Cursor) { assignmentEvents(after: $after) { node { id } } }`, vars{"after": logged["cursor"]})
		require.Equal(t, answer.at("takeOverConversation.event.id"), dig(t, next.item(), "node.id"), "a cursor of the log leads into a stream")
	})
}

// From the first record to what is committed while it is read, with writers on another
// server and the numbering changing hands, nothing is missing and nothing comes twice.
// B:V12
func TestTheLogIsFollowedFromItsBeginning(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "total", nil)
		for range 10 {
			w.owned("agent1")
		}
		log := w.as("owner").follow(followLog, vars{"from": object{"sequence": "1"}, "filter": object{"includeInternal": true}})
		var writers sync.WaitGroup
		for range 4 {
			writers.Go(func() {
				for range 5 {
					w.write(w.owned("agent2"), "agent2", "hidden", true)
				}
			})
		}
		resume := s.withhold()
		writers.Wait()
		resume()
		w.settle()
		all := w.numbered()
		for i, r := range all {
			item := log.item()
			require.Equal(t, i+1, sequenceOf(t, item))
			require.Equal(t, string(r.Kind), item["record"])
		}
	})
}

// Pages go both ways, over what the filter leaves out too.
func TestTheLogIsPaged(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "total", nil)
		for range 6 {
			w.write(w.owned("agent1"), "agent1", "Hello", false)
		}
		all, owner := w.numbered(), w.as("owner")
		var whole []any
		after := any(nil)
		for more := true; more; {
			page := owner.do(readLog, vars{"first": 4, "after": after, "filter": object{"records": []any{"MESSAGE"}}})
			whole = append(whole, page.at("eventLog.nodes").([]any)...)
			after, more = page.at("eventLog.pageInfo.endCursor"), page.at("eventLog.pageInfo.hasNextPage").(bool)
			require.Equal(t, strconv.Itoa(len(all)), page.at("eventLog.newest"))
			require.Equal(t, "1", page.at("eventLog.oldest"))
		}
		var back []any
		before := any(nil)
		for more := true; more; {
			page := owner.do(readLog, vars{"last": 4, "before": before, "filter": object{"records": []any{"MESSAGE"}}})
			back = append(page.at("eventLog.nodes").([]any), back...)
			before, more = page.at("eventLog.pageInfo.startCursor"), page.at("eventLog.pageInfo.hasPreviousPage").(bool)
		}
		require.Equal(t, whole, back)
		require.Len(t, whole, messagesIn(all))
		for _, row := range whole {
			require.Equal(t, dig(t, row, "sequence"), dig(t, row, "message.logSequence"))
		}
	})
}

func messagesIn(all []eventlog.Record) (n int) {
	for _, r := range all {
		if r.Kind == eventlog.Message {
			n++
		}
	}
	return n
}

// Places that are none are refused, each with its code.
func TestPlacesOfTheLogThatAreRefused(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w, other := s.newSpace(t, "total", nil), s.newSpace(t, "total", nil)
		w.owned("agent1")
		other.owned("agent1")
		all := w.numbered()
		foreign := other.numbered()
		cursor := other.as("owner").do(readLog, vars{"first": 1}).at("eventLog.pageInfo.endCursor")
		for name, row := range map[string]struct {
			args vars
			code string
		}{
			"the future":                {vars{"from": object{"sequence": strconv.Itoa(len(all) + 2)}}, "INVALID_INPUT"},
			"zero":                      {vars{"from": object{"sequence": "0"}}, "INVALID_INPUT"},
			"a time to come":            {vars{"from": object{"at": time.Now().Add(time.Hour)}}, "INVALID_INPUT"},
			"not now":                   {vars{"from": object{"now": false}}, "INVALID_INPUT"},
			"no number":                 {vars{"from": object{"sequence": "x"}}, "GRAPHQL_VALIDATION_FAILED"},
			"a number":                  {vars{"from": object{"sequence": 1}}, "GRAPHQL_VALIDATION_FAILED"},
			"another workspace's":       {vars{"from": object{"eventId": resolvers.GlobalID("AssignmentEvent", foreign[0].Event)}}, "NOT_FOUND"},
			"made up":                   {vars{"from": object{"eventId": resolvers.GlobalID("AssignmentEvent", "nothing")}}, "NOT_FOUND"},
			"no event":                  {vars{"from": object{"eventId": w.global("member agent1")}}, "INVALID_INPUT"},
			"another workspace's place": {vars{"after": cursor}, "INVALID_CURSOR"},
			"two places":                {vars{"from": object{"now": true}, "after": cursor}, "INVALID_INPUT"},
		} {
			got := w.as("owner").do(readLog, row.args)
			code, _ := got.verdict()
			require.Equal(t, row.code, code, "%s: %s", name, got.text)
			st := w.as("owner").connect().subscribe(followLog, row.args)
			require.Equal(t, row.code, st.refused(), name)
		}
	})
}

// Each record is judged by what is so when it is delivered: a conversation that went out
// of sight shows nothing of before, internal notes come only if asked for, and a stream
// ends with the right. B:V12, B:Z4
func TestTheLogShowsWhatMayBeSeenNow(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "total", nil)
		c := w.owned("agent1")
		w.write(c, "agent1", "between us", true)
		w.write(c, "agent1", "to the contact", false)
		all := w.numbered()
		words := func(as string, filter object) []string {
			var out []string
			for _, row := range w.as(as).do(readLog, vars{"filter": filter, "first": 100}).at("eventLog.nodes").([]any) {
				if m, ok := row.(object)["message"].(object); ok {
					out = append(out, m["body"].(string))
				}
			}
			return out
		}
		require.Contains(t, words("agent1", object{"includeInternal": true}), "between us")
		require.NotContains(t, words("agent1", nil), "between us")
		stream := w.as("agent1").follow(followLog, vars{"from": object{"sequence": strconv.Itoa(len(all) + 1)}})
		w.pass(c.ID, access.Owner{Team: w.team("sales")}, "for sales alone")
		left := stream.item()
		require.Equal(t, "TRANSFERRED", dig(t, left, "event.kind"))
		require.Nil(t, dig(t, left, "event.note"))
		require.Empty(t, words("agent1", object{"includeInternal": true}), "of a conversation that is out of sight")
		require.Contains(t, words("owner", nil), "to the contact")
		w.editMember("agent1", func(m *workspace.Member) { m.Roles = nil })
		require.Equal(t, "PERMISSION_DENIED", stream.refused())
		w.editWorkspace(func(ws *workspace.Workspace) { ws.Plan = "pro" })
		require.Eventually(t, func() bool { return w.as("owner").do(readLog, nil).code() == "PLAN_REQUIRED" }, patience, tick)
	})
}

// A key that feeds conversations gets the answers for the contact and the ends of those
// that it began, in every plan, and nothing else. B:Z2
func TestAChannelGetsItsAnswersFromTheLog(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "free", nil)
		c := w.claim(w.start(desk.NewConversation{ExternalID: "wa-1", Agent: w.agent("ai")}), "agent1")
		w.write(c, "agent1", "between us", true)
		w.write(c, "agent1", "to the contact", false)
		_, other := w.newKey("Another channel")
		other.do(`mutation { startLivechat(input: {contact: {name: "Theo"}, message: "of another channel"}) { userErrors { code } } }`, nil).ok()
		_, err := w.service.Desk.SetStatus(w.t.Context(), w.principal("agent1"), desk.Request{Conversation: c.ID}, inbox.Closed)
		require.NoError(t, err)
		w.numbered()
		query := `query { eventLog(filter: {includeInternal: true}, first: 100) { nodes { sequence record removed conversation { id } event { kind sequence } message { body internal } } } }`
		require.Eventually(t, func() bool {
			rows := w.as("website").do(query, nil).at("eventLog.nodes").([]any)
			last := rows[len(rows)-1].(object)
			e, closed := last["event"].(object)
			for _, row := range rows {
				if m, ok := row.(object)["message"].(object); ok {
					require.Equal(t, false, m["internal"])
					require.NotEqual(t, "of another channel", m["body"])
				} else {
					require.Equal(t, "CLOSED", dig(t, row, "event.kind"))
				}
			}
			return closed && e["kind"] == "CLOSED" && len(rows) > 1
		}, patience, tick)
		for _, r := range w.numbered() { // an event is a place for whom the log shows it, and for nobody else
			if r.Kind == eventlog.Ownership {
				from := vars{"from": object{"eventId": resolvers.GlobalID("AssignmentEvent", r.Event)}}
				page := w.as("website").do(`query($from: LogPlace) { eventLog(from: $from, first: 1) { nodes { sequence } } }`, from)
				require.Equal(t, map[bool]string{false: "NOT_FOUND"}[r.Content.Kind == inbox.EventClosed], page.code(), r.Content.Kind)
			}
		}
	})
}

// A record of every kind has one id in the log, in a stream and in what other systems are
// sent; that of a change of ownership is in the history, and node finds it and a message. B:V12
func TestARecordHasOneIDEverywhere(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "total", nil)
		owner, c := w.as("owner"), w.owned("agent1")
		w.write(c, "agent1", "Hello", false)
		owner.do(`mutation($id: ID!) { setAvailability(input: {memberId: $id, availability: AWAY}) { userErrors { code } } }`, vars{"id": w.global("member agent2")}).ok()
		owner.do(`mutation($id: ID!) { updateContact(input: {contactId: $id, name: "Vera V."}) { userErrors { code } } }`, vars{"id": resolvers.GlobalID("Contact", c.Contact)}).ok()
		met := map[eventlog.Kind]bool{}
		require.Eventually(t, func() bool {
			for _, r := range w.numbered() {
				met[r.Kind] = true
			}
			return len(met) == len(eventlog.Kinds())
		}, patience, tick, "%v", met)
		all := w.numbered()
		const row = `{ sequence record recordId event { id } message { id } }`
		page := owner.do(`{ eventLog(first: 100) { nodes `+row+` } }`, nil).at("eventLog.nodes").([]any)
		stream := owner.follow(`subscription { eventLog(from: {sequence: "1"}) `+row+` }`, nil)
		history := owner.do(`query($id: ID!) { conversation(id: $id) { history(first: 50) { nodes { id } } } }`, vars{"id": resolvers.ConversationID(c.ID)})
		changes := column(t, history.at("conversation.history.nodes"), "id")
		require.Len(t, page, len(all))
		for i, r := range all {
			sent, err := resolvers.CloudEvents().Of(r)
			require.NoError(t, err)
			id := dig(t, page[i], "recordId")
			require.Equal(t, sent.ID, id)
			require.Equal(t, page[i], any(stream.item()))
			found := owner.do(`query($id: ID!) { node(id: $id) { id __typename } }`, vars{"id": id})
			switch r.Kind {
			case eventlog.Ownership:
				require.Equal(t, id, dig(t, page[i], "event.id"))
				require.Contains(t, changes, id)
				require.Equal(t, object{"id": id, "__typename": "AssignmentEvent"}, found.at("node"))
			case eventlog.Message:
				require.Equal(t, id, dig(t, page[i], "message.id"))
				require.Equal(t, object{"id": id, "__typename": "Message"}, found.at("node"))
			case eventlog.Availability, eventlog.Contact:
				require.Equal(t, "NOT_FOUND", found.code())
			}
		}
	})
}

// What a page may read is what it costs.
func TestThePageOfTheLogCostsWhatItReads(t *testing.T) {
	require.Equal(t, eventlog.MaxScanned, contract.Costs(loadSchema(t))["Query.eventLog"])
}

// placed makes records until the newest has a position, which those from before the numbering
// began have not, and gives its number.
func (w *space) placed() int {
	for {
		w.owned("agent1")
		if all := w.numbered(); all[len(all)-1].Position != "" {
			return int(all[len(all)-1].Sequence)
		}
	}
}

// A cursor from before a backup was restored stands behind a record that the log does not have,
// or that is something else now. It is refused at every door: the reader would miss, without
// knowing, what gets the numbers up to it. B:V12
func TestCursorsOfARestoredLogAreRefused(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "total", nil)
		owner := w.as("owner")
		last := w.placed()
		good, _ := owner.do(readLog, vars{"last": 1}).at("eventLog.pageInfo.endCursor").(string)
		w.owned("agent1")
		w.numbered()
		opened, err := s.seals.Open(w.id, good)
		require.NoError(t, err)
		for name, row := range map[string]struct {
			edit func(object)
			code string
		}{
			"as it was":          {func(object) {}, ""},
			"the future":         {func(c object) { c["s"] = 1000 }, "INVALID_CURSOR"},
			"something else":     {func(c object) { c["k"] = "elsewhere" }, "INVALID_CURSOR"},
			"a position unknown": {func(c object) { c["k"] = "" }, ""},
		} {
			var c object
			require.NoError(t, json.Unmarshal(opened, &c))
			row.edit(c)
			cursor := s.seals.Close(w.id, []byte(asJSON(t, c)))
			for _, args := range []vars{{"after": cursor}, {"before": cursor, "last": 5}} {
				require.Equal(t, row.code, owner.do(readLog, args).code(), "%s %v", name, args)
			}
			st := owner.connect().subscribe(followLog, vars{"after": cursor})
			if row.code != "" {
				require.Equal(t, row.code, st.refused(), name)
				continue
			}
			require.Equal(t, last+1, sequenceOf(t, st.item()), name)
		}
	})
}
