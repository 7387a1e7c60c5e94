package resolvers_test

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/audit"
	"switchboard/inbox/contacts"
	"switchboard/inbox/desk"
	"switchboard/inbox/shelf"
	"switchboard/inbox/workspace"
	"switchboard/internal/walk"
	"switchboard/resolvers"
)

// deed is one mutation, as tables write it.
type deed struct {
	As    string         `json:"as"`
	Do    string         `json:"do"`
	Input map[string]any `json:"input"`
	// Pass lets time go by afterwards.
	Pass string `json:"pass"`
	// KeepEvent keeps $event at the event of the deed before.
	KeepEvent bool `json:"keepEvent"`
}

// refusal is one line of testdata/refusals.json.
type refusal struct {
	deed
	Name  string         `json:"name"`
	Row   string         `json:"row"`
	Plan  string         `json:"plan"`
	Rules map[string]any `json:"rules"`
	On    string         `json:"on"`
	Given []deed         `json:"given"`
	Want  map[string]any `json:"want"`
}

func readTable[T any](t *testing.T, name string) []T {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	decoder := json.NewDecoder(strings.NewReader(string(data)))
	decoder.DisallowUnknownFields()
	decoder.UseNumber()
	var out []T
	require.NoError(t, decoder.Decode(&out))
	return out
}

// stage is a conversation in a workspace on which deeds are done.
type stage struct {
	*space
	schema  *ast.Schema
	current inbox.Conversation
	event   string
}

// set makes the conversation that words such as "chat of agent1" describe.
func (st *stage) set(on string) {
	kind, who, owned := strings.Cut(on, " of ")
	switch {
	case on == "":
	case on == "chat by whatsapp":
		st.current = st.start(desk.NewConversation{Agent: st.agent("ai"), Channel: "whatsapp"})
	case kind == "chat" && owned:
		st.current = st.owned(who)
	case kind == "chat":
		st.current = st.chat()
	case kind == "ticket" && owned:
		st.current = st.ticket(who)
	default:
		st.t.Fatalf("%q describes nothing", on)
	}
}

// do runs a deed and gives its payload.
func (st *stage) do(d deed) object {
	st.t.Helper()
	input, ok := st.fill(d.Input).(map[string]any)
	require.True(st.t, ok)
	field := st.schema.Mutation.Fields.ForName(d.Do)
	require.NotNil(st.t, field, "no mutation %s", d.Do)
	wanted := st.schema.Types[field.Arguments.ForName("input").Type.Name()]
	if _, given := input["conversationId"]; !given && wanted.Fields.ForName("conversationId") != nil {
		input["conversationId"] = resolvers.ConversationID(st.current.ID)
	}
	document := mutation(st.schema, d.Do)
	if d.As == "contact" { // who may not select versions
		document = strings.ReplaceAll(document, selection(st.schema, "Conversation"), "{ id }")
		document = strings.ReplaceAll(document, selection(st.schema, "Actor"), "{ __typename }") // nor ids of members
	}
	payload, ok := st.client(d.As).do(document, vars{"input": input}).at("payload").(object)
	require.True(st.t, ok)
	return payload
}

func (st *stage) client(who string) *client {
	if who == "contact" {
		return st.contact(st.current)
	}
	return st.as(who)
}

// succeed runs a deed that must not be refused.
func (st *stage) succeed(d deed) {
	st.t.Helper()
	payload := st.do(d)
	require.Empty(st.t, payload["userErrors"])
	if event, ok := payload["event"].(object); ok && !d.KeepEvent {
		st.event, _ = event["id"].(string)
	}
	if d.Pass != "" {
		by, err := time.ParseDuration(d.Pass)
		require.NoError(st.t, err)
		st.ahead.Add(int64(by))
	}
	if st.current.ID != "" {
		st.current = st.stored(st.current.ID)
	}
}

// fill puts real values in the place of words such as "@member agent1" and
// "$version".
func (st *stage) fill(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for key, value := range v {
			out[key] = st.fill(value)
		}
		return out
	case []any:
		out := []any{}
		for _, value := range v {
			out = append(out, st.fill(value))
		}
		return out
	case string:
		return st.word(v)
	}
	return v
}

func (st *stage) word(word string) any {
	switch word {
	case "$conversation":
		return resolvers.ConversationID(st.current.ID)
	case "$message":
		return st.anID(st.t, st.current, "Message")
	case "$event":
		return st.event
	case "$version":
		return number(st.current.Version)
	case "$epoch":
		return number(st.current.Epoch)
	case "$contact":
		return resolvers.GlobalID("Contact", st.current.Contact)
	case "$another contact":
		return resolvers.GlobalID("Contact", st.space.ticketOf(contacts.NewContact{Name: "Another"}).Contact)
	case "@sales view":
		made := st.keep("owner", "Sales", shelf.SharedWithTeam, st.team("sales"), access.View{List: access.ListAll})
		return resolvers.GlobalID("SavedView", made.ID)
	case "@view":
		return st.savedView()
	case "$offer":
		return resolvers.GlobalID("TransferOffer", st.current.Offer.ID)
	case "@offer":
		return st.offer("")
	case "@team offer":
		return st.offer("support")
	case "@conversation nowhere":
		return resolvers.GlobalID("Conversation", "nowhere")
	case "@event nowhere":
		return resolvers.GlobalID("AssignmentEvent", "nowhere")
	}
	if name, ok := strings.CutPrefix(word, "@"); ok {
		return st.global(name)
	}
	return word
}

func number(n int) json.Number {
	data, _ := json.Marshal(n)
	return json.Number(data)
}

// requireMatch demands that got has all that want says; "*" is any value.
func requireMatch(t *testing.T, want, got any, path string) {
	t.Helper()
	switch w := want.(type) {
	case map[string]any:
		o, ok := got.(object)
		require.True(t, ok, "%s is %v", path, got)
		for key, value := range w {
			require.Contains(t, o, key, "%s has no %s", path, key)
			requireMatch(t, value, o[key], path+"."+key)
		}
	case string:
		if w == "*" {
			require.NotEmpty(t, got, path)
			return
		}
		require.Equal(t, want, got, path)
	default:
		require.Equal(t, want, got, path)
	}
}

// Each line of the table is refused with its code, its concrete type and what
// a client needs to act, and changes nothing.
func TestWalkRefusals(t *testing.T) {
	walk.Alone(t)
	schema := loadSchema(t)
	onEngines(t, func(t *testing.T, s *server) {
		for _, row := range readTable[refusal](t, "refusals.json") {
			t.Run(row.Name, func(t *testing.T) {
				st := &stage{space: s.newSpace(t, orElse(row.Plan, "enterprise"), nil), schema: schema}
				if row.Rules != nil {
					st.succeed(deed{As: "owner", Do: "updateWorkspaceRules", Input: row.Rules})
				}
				st.set(row.On)
				for _, d := range row.Given {
					st.succeed(d)
				}
				before := st.traces()
				payload := st.do(row.deed)
				refusals, ok := payload["userErrors"].([]any)
				require.True(t, ok)
				require.Len(t, refusals, 1)
				requireMatch(t, st.fill(row.Want), refusals[0], "userErrors.0")
				message, _ := refusals[0].(object)["message"].(string)
				require.NotEmpty(t, message)
				for _, field := range slices.Sorted(maps.Keys(payload)) {
					if field != "userErrors" && field != "__typename" && field != "warnings" {
						requireNothing(t, payload[field], field)
					}
				}
				require.Equal(t, before, st.traces())
			})
		}
	})
}

// requireNothing demands that a field of a refused payload is null, or a list of
// nothing.
func requireNothing(t *testing.T, got any, field string) {
	t.Helper()
	if items, ok := got.([]any); ok {
		require.Empty(t, items, field)
		return
	}
	require.Nil(t, got, field)
}

func orElse(text, fallback string) string {
	if text == "" {
		return fallback
	}
	return text
}

// traces is everything that a refused deed must leave alone.
func (st *stage) traces() []any {
	st.t.Helper()
	d, err := st.store.Directory(st.t.Context(), st.id)
	require.NoError(st.t, err)
	all := access.ConversationQuery{
		Workspace: st.id, Visibility: access.VisibilityFilter{Scopes: map[workspace.Kind]workspace.Scope{workspace.Livechat: workspace.ScopeAll, workspace.Ticket: workspace.ScopeAll}},
		Order: access.Order{Field: access.ByCreated}, Page: inbox.PageRequest{Limit: 100},
	}
	list, err := st.store.ListConversations(st.t.Context(), all)
	require.NoError(st.t, err)
	log, err := st.store.ListAudit(st.t.Context(), audit.AuditQuery{Workspace: st.id, Page: inbox.PageRequest{Limit: 100}})
	require.NoError(st.t, err)
	out := []any{d, list, log}
	for _, c := range list.Items {
		history, err := st.store.ListHistory(st.t.Context(), desk.HistoryQuery{Workspace: st.id, Conversation: c.ID, Limit: 100})
		require.NoError(st.t, err)
		messages, err := st.store.ListMessages(st.t.Context(), desk.MessageQuery{Workspace: st.id, Conversation: c.ID, Page: inbox.PageRequest{Limit: 100}})
		require.NoError(st.t, err)
		out = append(out, history, messages)
	}
	return out
}

// A code, refusal or reason that the schema has and no line of the table
// reaches is either dead or untested.
func TestRefusalsCoverTheSchema(t *testing.T) {
	s := loadSchema(t)
	types, codes, reasons := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, row := range readTable[refusal](t, "refusals.json") {
		for from, into := range map[string]map[string]bool{"__typename": types, "code": codes, "reason": reasons} {
			if word, ok := row.Want[from].(string); ok {
				into[word] = true
			}
		}
		require.Regexp(t, `^B:[A-Z]+\d+$`, row.Row, row.Name)
	}
	for _, d := range s.GetPossibleTypes(s.Types["UserError"]) {
		require.True(t, types[d.Name], "no line reaches %s", d.Name)
	}
	for enum, reached := range map[string]map[string]bool{"ErrorCode": codes, "TargetReason": reasons} {
		for _, v := range s.Types[enum].EnumValues {
			require.True(t, reached[v.Name], "no line reaches %s %s", enum, v.Name)
		}
	}
}

// A refusal shows nothing of a conversation that the caller may not read but who
// has it. B:Z4
func TestRefusalsShowNothingOutOfSight(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.claim(w.start(desk.NewConversation{Agent: w.agent("ai"), Subject: "secret subject", Message: "secret message", Contact: contacts.NewContact{Name: "secret name"}}), "agent1")
		query := `mutation($id: ID!) { payload: claimConversation(input: {conversationId: $id, expectedVersion: 1}) { userErrors { code ... on AlreadyAssignedError {
			assignee { name } current { id version subject contact { name } lastMessage { body } assignee { name } } } } } }`
		late := w.as("sales1").do(query, vars{"id": resolvers.ConversationID(c.ID)})
		code, _ := late.verdict()
		require.Equal(t, "ALREADY_ASSIGNED", code)
		require.NotContains(t, late.text, "secret")
		require.Contains(t, late.text, "Anna Berg")
		near := w.as("agent2").do(query, vars{"id": resolvers.ConversationID(c.ID)})
		require.Contains(t, near.text, "secret subject")
	})
}
