package resolvers_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"switchboard/graph/contract"
	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/internal/walk"
	"switchboard/resolvers"
)

// Every field that a subscription reaches was looked at: whether it is the same for
// all who see the same, or for all who are the same to the conversation. A new one fails here
// until somebody has.
func TestEveryFieldOfASubscriptionIsDecided(t *testing.T) {
	s := loadSchema(t)
	shared, standing := contract.Marked(s, contract.Shared), contract.Marked(s, contract.PerStanding)
	own := contract.Marked(s, contract.PerCaller)
	seen := map[string]bool{}
	var visit func(d *ast.Definition)
	visit = func(d *ast.Definition) {
		if seen[d.Name] || d.Kind == ast.Scalar || d.Kind == ast.Enum {
			return
		}
		seen[d.Name] = true
		for _, possible := range s.GetPossibleTypes(d) {
			visit(possible)
		}
		if d.Kind != ast.Object && d.Kind != ast.Interface {
			return
		}
		for _, f := range d.Fields {
			name := d.Name + "." + f.Name
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			marks := map[bool]int{}
			for _, marked := range []bool{shared[name], standing[name], own[name]} {
				marks[marked]++
			}
			assert.Equal(t, 1, marks[true], "%s must be one of @shared, @perStanding and @perCaller", name)
			if !own[name] {
				visit(s.Types[f.Type.Name()])
			}
		}
	}
	visit(s.Subscription)
}

// selections draws selection sets from the schema.
type selections struct {
	schema *ast.Schema
	random *rand.Rand
	alias  int
}

// of gives a selection of type d, in braces.
func (g *selections) of(d *ast.Definition, depth int) string {
	if d.Kind == ast.Union || d.Kind == ast.Interface {
		out := "{ __typename"
		for _, possible := range g.schema.GetPossibleTypes(d) {
			if g.random.IntN(2) == 0 {
				out += " ... on " + possible.Name + " " + g.of(possible, depth-1)
			}
		}
		return out + " }"
	}
	out := ""
	for _, f := range d.Fields {
		if strings.HasPrefix(f.Name, "__") || g.random.IntN(4) >= g.chance(f) {
			continue
		}
		out += " " + g.field(f, depth)
	}
	if out == "" {
		out = " __typename"
	}
	return "{" + out + " }"
}

// chance is how many times of four f is selected: what leads to the conversation
// nearly always, or most selections would be of leaves alone.
func (g *selections) chance(f *ast.FieldDefinition) int {
	switch f.Name {
	case "node", "conversation":
		return 3
	case "messages", "history", "members": // with one of these nothing is shared
		return g.random.IntN(2)
	}
	return 1
}

func (g *selections) field(f *ast.FieldDefinition, depth int) string {
	name := f.Name
	if g.random.IntN(4) == 0 {
		g.alias++
		name = fmt.Sprintf("a%d: %s", g.alias, name)
	}
	switch {
	case f.Name == "viewerCan":
		name += "(actions: [REPLY, TAKE_OVER])"
	case f.Name == "messages", f.Name == "history", f.Name == "members":
		name += "(first: 2)"
	}
	d := g.schema.Types[f.Type.Name()]
	if d.Kind == ast.Scalar || d.Kind == ast.Enum {
		return name
	}
	if depth == 0 {
		return "__typename"
	}
	return name + " " + g.of(d, depth-1)
}

// pair is one subscription, served by groups and served alone.
type pair struct {
	query         string
	shared, alone *stream
}

// twice is a server, and another that serves everybody alone from the same hub.
type twice struct {
	*space
	alone string // its address
}

func (w *space) twice() *twice {
	handler := w.graphql(w.t, slog.New(slog.DiscardHandler), nil)
	web := httptest.NewServer(handler)
	w.t.Cleanup(func() {
		require.NoError(w.t, handler.Shutdown(context.Background()))
		web.Close()
	})
	return &twice{space: w, alone: web.URL}
}

// follow makes a pair of each query for one caller. It returns when all have begun.
func (w *twice) follow(key string, queries []string, v vars) (out []pair) {
	w.t.Helper()
	before := w.each()
	for chunk := range slices.Chunk(queries, 90) {
		c := w.as(key)
		shared, alone := c.connect(), c.connectAt(w.alone)
		for _, query := range chunk {
			out = append(out, pair{query, shared.subscribe(query, v), alone.subscribe(query, v)})
		}
	}
	require.Eventually(w.t, func() bool { return w.each() == before+2*uint64(len(queries)) }, patience, tick)
	return out
}

// each is how many subscriptions were ever begun, as long as no group ended. A group
// has two of its own.
func (w *twice) each() uint64 { return w.started() - 2*uint64(w.handler.Stats().Groups) }

// viewpoint is what one caller follows; probe tells how much it is to be told, and
// at where the conversation's id is in that.
type viewpoint struct {
	key   string
	pairs []pair
	probe *stream
	at    string
}

// selected is how many selections of each root are compared: many without the race
// detector, which finds in some what it finds in all of them.
func selected() int {
	if walk.RaceDetector {
		return 12
	}
	return 50
}

// corpus are selections of root fields, all within the limits.
func (g *selections) corpus(t *testing.T, roots ...string) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for _, root := range roots {
		var queries []string
		name, _, _ := strings.Cut(root, "(")
		d := g.schema.Types[g.schema.Subscription.Fields.ForName(name).Type.Name()]
		for len(queries) < selected() {
			query := "subscription { " + root + " " + g.of(d, 5) + " }"
			if _, invalid := gqlparser.LoadQueryWithRules(g.schema, query, rules.NewDefaultRules()); invalid == nil && len(query) < 3000 {
				queries = append(queries, query)
			}
		}
		out[root] = queries
	}
	return out
}

func (w *twice) audiences(keys []string, corpora map[string][]string) (all []viewpoint) {
	w.t.Helper()
	for _, key := range keys {
		for root, queries := range corpora {
			probe, at := "node { conversation { id } }", "node.conversation.id"
			if strings.HasPrefix(root, "inboxChanges") {
				probe, at = "conversationId", "conversationId"
			}
			a := viewpoint{key: key, pairs: w.follow(key, queries, nil), at: at}
			before := w.hub.Joined()
			a.probe = w.as(key).connectAt(w.alone).subscribe("subscription { "+root+" { "+probe+" } }", nil)
			require.Eventually(w.t, func() bool { return w.hub.Joined() > before }, patience, tick)
			all = append(all, a)
		}
	}
	w.settle()
	return all
}

// step does something, then something that everybody sees, and compares what
// everybody was told.
func (w *twice) step(all []viewpoint, do func()) {
	w.t.Helper()
	do()
	mark := resolvers.ConversationID(w.start(desk.NewConversation{Agent: w.agent("ai2")}).ID)
	for _, a := range all {
		items := 1
		for dig(w.t, a.probe.item(), a.at) != mark {
			items++
		}
		for _, p := range a.pairs {
			for range items {
				want, got := itemOf(w.t, p.alone), itemOf(w.t, p.shared)
				require.Equal(w.t, string(want.Data), string(got.Data), "%s: %s", a.key, p.query)
				require.ElementsMatch(w.t, want.Errors, got.Errors, "%s: %s", a.key, p.query)
			}
		}
	}
}

// toldItem is an item as it was written; errors of fields come in any order.
type toldItem struct {
	Data   json.RawMessage
	Errors []any
}

func itemOf(t *testing.T, st *stream) (item toldItem) {
	t.Helper()
	m := st.message()
	require.Equal(t, "next", m.Type, "%s", m.Payload)
	require.NoError(t, json.Unmarshal(m.Payload, &item))
	return item
}

// by does a verb as somebody.
func (w *twice) by(key string, verb func(p inbox.Principal) (desk.Outcome, error)) func() {
	return func() {
		_, err := verb(w.principal(key))
		require.NoError(w.t, err)
	}
}

// What somebody in a group is told is, byte for byte, what execution for that
// caller alone tells, whatever is selected and whatever becomes of rights. B:Z4, B:V3
func TestWalkSharedEventsAreWhatEachWouldBeTold(t *testing.T) {
	g := &selections{schema: loadSchema(t), random: rand.New(rand.NewPCG(1, 2))}
	corpora := g.corpus(t, `assignmentEvents`, `assignmentEvents(filter: {kinds: [CREATED, CLAIMED, TRANSFERRED, STATUS_CHANGED]})`)
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil).twice()
		all := w.audiences([]string{"manager", "owner", "senior", "agent1", "sales1"}, corpora)
		stats := s.handler.Stats()
		require.Greater(t, stats.Members, 2*selected(), "too little is shared to compare")
		require.Less(t, stats.Groups*3/2, stats.Members, "members of one audience are in one group")
		var chat, ticket inbox.Conversation
		on := func(c *inbox.Conversation) desk.Request { return desk.Request{Conversation: c.ID} }
		w.step(all, func() { chat = w.chat() })
		w.step(all, func() { ticket = w.ticket("sales1") })
		w.step(all, w.by("agent1", func(p inbox.Principal) (desk.Outcome, error) { return w.service.Desk.Claim(t.Context(), p, on(&chat)) }))
		w.step(all, w.by("agent1", func(p inbox.Principal) (desk.Outcome, error) {
			return w.service.Desk.Transfer(t.Context(), p, on(&chat), access.Owner{Member: w.member("sales1")}, "please")
		}))
		w.step(all, func() { w.offerOf(chat.ID, "sales1", access.Owner{Member: w.member("agent2")}) })
		w.step(all, w.by("agent2", func(p inbox.Principal) (desk.Outcome, error) {
			return w.service.Desk.DeclineOffer(t.Context(), p, w.stored(chat.ID).Offer.ID, desk.Declining{Reason: "busy"})
		}))
		w.editMember("agent1", func(m *workspace.Member) { m.Roles = []workspace.RoleName{"senior_agent"} })
		w.editMember("owner", func(m *workspace.Member) { m.Roles = []workspace.RoleName{"agent"} })
		w.step(all, w.by("sales1", func(p inbox.Principal) (desk.Outcome, error) {
			return w.service.Desk.SetStatus(t.Context(), p, on(&ticket), inbox.Unset)
		}))
		w.step(all, func() { w.ticket("team support") })
		w.editWorkspace(func(ws *workspace.Workspace) { ws.Rules.Visibility = workspace.VisibleExclusive })
		w.step(all, w.by("manager", func(p inbox.Principal) (desk.Outcome, error) {
			return w.service.Desk.Unassign(t.Context(), p, on(&chat))
		}))
		w.step(all, w.by("agent1", func(p inbox.Principal) (desk.Outcome, error) { return w.service.Desk.Claim(t.Context(), p, on(&chat)) }))
	})
}

// B:V4
func TestWalkSharedChangesAreWhatEachWouldBeTold(t *testing.T) {
	g := &selections{schema: loadSchema(t), random: rand.New(rand.NewPCG(3, 4))}
	corpora := g.corpus(t, `inboxChanges(view: {})`, `inboxChanges(view: {list: UNASSIGNED})`, `inboxChanges(view: {kinds: [LIVECHAT]})`)
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil).twice()
		all := w.audiences([]string{"manager", "owner", "agent1"}, corpora)
		require.Greater(t, s.handler.Stats().Members, 2*selected(), "too little is shared to compare")
		var chat inbox.Conversation
		w.step(all, func() { chat = w.chat() })
		w.step(all, func() { w.ticket("sales1") })
		w.step(all, func() { chat = w.claim(chat, "agent1") })
		w.step(all, w.by("agent1", func(p inbox.Principal) (desk.Outcome, error) {
			return w.service.Desk.SetStatus(t.Context(), p, desk.Request{Conversation: chat.ID}, inbox.Closed)
		}))
		w.step(all, func() { w.ticket("team support") })
	})
}

// Callers who are told the same are one group, and what depends on the caller is
// told to each alone. B:V10, B:Z5
func TestWhoIsInOneGroup(t *testing.T) {
	s := onEmbedded(t)
	w := s.newSpace(t, "enterprise", nil)
	for _, key := range []string{"manager", "owner", "observer", "agent1", "agent2", "sales1", "ai"} {
		w.as(key).follow(followEvents, nil)
	}
	require.Equal(t, 1, s.handler.Stats().Groups, "who sees all")
	require.Equal(t, 3, s.handler.Stats().Members, "an AI agent sees its own, an agent what is offered to them")
	members := s.handler.Stats().Members
	for _, own := range []string{
		`subscription { assignmentEvents { node { conversation { previous { id } } } } }`,
		`subscription { assignmentEvents { ...f } } fragment f on AssignmentEventEdge {
			node { conversation { ... on Conversation { previous { viewerCan { allowed } } } } } }`,
		`subscription { assignmentEvents { node { offer { conversation { viewerCan { allowed } } } } } }`,
		`subscription { ... on Subscription { assignmentEvents { cursor } } }`,
	} {
		w.as("manager").follow(own, nil)
		require.Equal(t, members, s.handler.Stats().Members, own)
	}
	w.as("manager").follow(followEvents, vars{"filter": object{"kinds": []string{"CLAIMED"}}})
	require.Equal(t, 2, s.handler.Stats().Groups, "other variables are another subscription")
	w.as("manager").follow(`subscription { inboxChanges(view: {list: UNASSIGNED}) { cursor } }`, nil)
	require.Equal(t, 3, s.handler.Stats().Groups)
	members = s.handler.Stats().Members
	for _, own := range []string{"MINE", "MY_TEAMS"} {
		w.as("manager").follow(`subscription($list: InboxList) { inboxChanges(view: {list: $list}) { cursor } }`, vars{"list": own})
	}
	w.as("agent1").follow(`subscription { inboxChanges(view: {list: UNASSIGNED}) { cursor } }`, nil)
	require.Equal(t, members, s.handler.Stats().Members, "what is one's own is told to each alone")
	other := s.newSpace(t, "enterprise", nil)
	other.as("manager").follow(followEvents, nil)
	require.Equal(t, 4, s.handler.Stats().Groups, "another workspace")
	for i, inParts := range []string{
		`subscription { assignmentEvents { node { conversation { viewerCan { allowed } } } } }`,
		`subscription { inboxChanges(view: {}) { ...f } }
			fragment f on InboxChange { conversation { ... on Conversation { can: viewerCan { allowed } } } }`,
	} {
		other.as("manager").follow(inParts, nil)
		other.as("owner").follow(inParts, nil)
		require.Equal(t, 5+i, s.handler.Stats().Groups, inParts)
	}
}

// A stream that the hub gave up is not over for the client: it comes back and goes
// on behind its cursor. B:V10
func TestAStreamThatFellBehindComesBack(t *testing.T) {
	s := onEmbedded(t)
	w := s.newSpace(t, "enterprise", nil)
	c := w.owned("agent1")
	st := w.as("owner").followConversation(c.ID)
	s.hub.Close()
	_, err := st.receive()
	require.Equal(t, websocket.StatusTryAgainLater, websocket.CloseStatus(err))
}
