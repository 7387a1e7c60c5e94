package resolvers_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/resolvers"
)

// standingWalk is one chat and all that becomes of it, while everybody follows.
type standingWalk struct {
	*twice
	random *rand.Rand
	chat   inbox.Conversation
}

// audience is what one caller follows. It has ended when the caller was refused.
type audience struct {
	key   string
	pairs []pair
	ended bool
}

// walkers follow: of each kind of standing one or two.
func walkers() []string {
	return []string{"manager", "owner", "senior", "observer", "agent1", "agent2", "sales1", "away"}
}

// any picks one of the members who are never removed.
func (w *standingWalk) any() string { return walkers()[w.random.IntN(len(walkers())-1)] }

// verbs are what is done to the chat, by whoever may; who may not is refused, and nothing happens.
func (w *standingWalk) verbs() map[string]func() {
	d, ctx := w.service.Desk, w.t.Context()
	on := func() desk.Request { return desk.Request{Conversation: w.chat.ID} }
	asAny := func() inbox.Principal { return w.principal(w.any()) }
	offer := func() inbox.OfferID { return w.stored(w.chat.ID).Offer.ID }
	wish, yes := desk.OfferWish{}, true
	wish.Offer = &yes
	owner := func() inbox.Principal {
		return inbox.Principal{Workspace: w.id, Actor: workspace.Actor{Kind: workspace.ActorMember, ID: string(w.stored(w.chat.ID).Assignee)}}
	}
	return map[string]func(){
		"claim":     func() { _, _ = d.Claim(ctx, asAny(), on()) },
		"take over": func() { _, _ = d.TakeOver(ctx, asAny(), on(), nil, "") },
		"assign": func() {
			_, _ = d.Assign(ctx, w.principal("manager"), on(), access.Owner{Member: w.member(w.any())}, "")
		},
		"to a team":    func() { _, _ = d.Assign(ctx, w.principal("manager"), on(), access.Owner{Team: w.team("sales")}, "") },
		"unassign":     func() { _, _ = d.Unassign(ctx, w.principal("manager"), on()) },
		"leave":        func() { _, _ = d.Leave(ctx, owner(), on()) },
		"offer":        func() { _, _ = d.TransferAs(ctx, owner(), on(), access.Owner{Member: w.member(w.any())}, "", wish) },
		"offer to all": func() { _, _ = d.TransferAs(ctx, owner(), on(), access.Owner{Team: w.team("support")}, "", wish) },
		"decline":      func() { _, _ = d.DeclineOffer(ctx, asAny(), offer(), desk.Declining{Reason: "busy"}) },
		"accept":       func() { _, _ = d.AcceptOffer(ctx, asAny(), offer(), "") },
		"withdraw":     func() { _, _ = d.WithdrawOffer(ctx, asAny(), offer(), "") },
		"snooze":       func() { _, _ = d.Snooze(ctx, owner(), on(), w.now().Add(time.Hour)) },
		"wake":         func() { _, _ = d.Wake(ctx, owner(), on()) },
		"close":        func() { _, _ = d.SetStatus(ctx, w.principal("manager"), on(), inbox.Closed) },
		"reopen":       func() { _, _ = d.SetStatus(ctx, w.principal("manager"), on(), inbox.Open) },
		"another":      func() { w.chat = w.start(desk.NewConversation{Agent: w.agent("ai")}) },
		"a ticket":     func() { w.chat = w.ticket("team support") },
	}
}

// edits are what becomes of rights.
func (w *standingWalk) edits() map[string]func() {
	plan := func(to workspace.PlanName) func() {
		return func() { w.editWorkspace(func(ws *workspace.Workspace) { ws.Plan = to }) }
	}
	rule := func(change func(*workspace.Rules)) func() {
		return func() { w.editWorkspace(func(ws *workspace.Workspace) { change(&ws.Rules) }) }
	}
	roles := func(to ...workspace.RoleName) func() {
		return func() { w.editMember(w.any(), func(m *workspace.Member) { m.Roles = to }) }
	}
	teams := func(to ...workspace.TeamID) func() {
		return func() { w.editMember(w.any(), func(m *workspace.Member) { m.Teams = to }) }
	}
	return map[string]func(){
		"free": plan("free"), "lite": plan("lite"), "enterprise": plan("enterprise"),
		"open":       rule(func(r *workspace.Rules) { r.Visibility = workspace.VisibleOpen }),
		"scoped":     rule(func(r *workspace.Rules) { r.Visibility = workspace.VisibleScoped }),
		"exclusive":  rule(func(r *workspace.Rules) { r.Visibility = workspace.VisibleExclusive }),
		"open again": rule(func(r *workspace.Rules) { r.Visibility = workspace.VisibleOpen }),
		"reasons":    rule(func(r *workspace.Rules) { r.ReasonsRequired = workspace.UsagesOf(workspace.ReasonTakeover) }),
		"no reason":  rule(func(r *workspace.Rules) { r.ReasonsRequired = workspace.UsagesOf() }),
		"anyone":     rule(func(r *workspace.Rules) { r.SendPolicy = workspace.SendAnyone }),
		"owner":      rule(func(r *workspace.Rules) { r.SendPolicy = workspace.SendOwnerIfOwned }),
		"agents":     roles("agent"), "seniors": roles("senior_agent"), "managers": roles("manager"), "both": roles("manager", "agent"),
		"no team": teams(), "sales": teams(w.team("sales")), "all teams": teams(w.team("support"), w.team("sales")),
		"put back": w.putBack,
		"away":     func() { w.editMember(w.any(), func(m *workspace.Member) { m.Availability = workspace.Away }) },
	}
}

// drawn gives one of them, in an order that is the same each time.
func drawn(random *rand.Rand, of map[string]func()) (name string, do func()) {
	names := make([]string, 0, len(of))
	for name := range of {
		names = append(names, name)
	}
	slices.Sort(names)
	name = names[random.IntN(len(names))]
	return name, of[name]
}

// mark begins a chat that everybody sees who sees anything, and tells its id.
func (w *standingWalk) marked() string {
	return resolvers.ConversationID(w.start(desk.NewConversation{Agent: w.agent("ai2")}).ID)
}

// compare demands that all were told the same in a group as alone, up to what tells of mark.
func (w *standingWalk) compare(told []audience, mark, after string) {
	w.t.Helper()
	for i, a := range told {
		if a.ended {
			continue
		}
		for _, p := range a.pairs {
			told[i].ended = w.same(p, mark, fmt.Sprintf("%s after %s: %s", a.key, after, p.query))
		}
	}
}

// same compares two streams, and reports whether they ended.
func (w *standingWalk) same(p pair, mark, who string) (ended bool) {
	w.t.Helper()
	for {
		want, got := p.alone.message(), p.shared.message()
		require.Equal(w.t, want.Type, got.Type, "%s\n%s\n%s", who, want.Payload, got.Payload)
		if want.Type != "next" {
			require.Equal(w.t, endOf(w.t, want), endOf(w.t, got), who)
			return true
		}
		require.Equal(w.t, string(want.Payload), string(got.Payload), who)
		if strings.Contains(string(want.Payload), `"`+mark+`"`) {
			return false
		}
	}
}

// endOf is why a stream ended. Whether it names the field depends on whether the stream had
// begun, which one that moves has to do again.
func endOf(t *testing.T, m wireMessage) (code string) {
	t.Helper()
	return parse(t, 0, []byte(`{"errors":`+string(m.Payload)+`}`)).code()
}

// walkSelections are what they follow; cursor is null where nobody comes back.
func walkSelections() []string {
	const can = `viewerCan { action allowed reason permission requiredPlan { name } reasonRequired }`
	return []string{
		`subscription($after: Cursor) { assignmentEvents(after: $after) { cursor node { kind
			conversation { id revision assignee { name } offer { status } snooze { until } ` + can + ` } } } }`,
		`subscription($after: Cursor) { assignmentEvents(after: $after) { cursor node { kind conversation { id version } } } }`,
	}
}

// follows has everybody follow, behind a cursor if there is one.
func (w *standingWalk) follows(after any) (told []audience) {
	w.t.Helper()
	for _, key := range walkers() {
		told = append(told, audience{key: key, pairs: w.followAt(key, walkSelections(), vars{"after": after})})
	}
	return told
}

// followAt is follow for a caller who may be replayed what they missed: it does not wait for
// the beginning.
func (w *twice) followAt(key string, queries []string, v vars) (out []pair) {
	w.t.Helper()
	c := w.as(key)
	shared, alone := c.connect(), c.connectAt(w.alone)
	for _, query := range queries {
		out = append(out, pair{query, shared.subscribe(query, v), alone.subscribe(query, v)})
	}
	return out
}

// here is a cursor of now.
func (w *standingWalk) here(observer *stream) (cursor any) {
	w.t.Helper()
	mark := w.marked()
	for {
		item := observer.item()
		if dig(w.t, item, "node.conversation.id") == mark {
			return item["cursor"]
		}
	}
}

// begun gives everybody a share in what all see, and tells where that began.
func (w *standingWalk) begun() {
	w.editWorkspace(func(ws *workspace.Workspace) {
		ws.Plan, ws.Rules.Visibility = "enterprise", workspace.VisibleOpen
	})
	w.settle()
}

// putBack is a sandbox that is put back, as far as rights are concerned.
func (w *standingWalk) putBack() {
	w.editWorkspace(func(ws *workspace.Workspace) { ws.ResettingSince = w.now() })
	w.settle()
	w.editWorkspace(func(ws *workspace.Workspace) { ws.ResettingSince = time.Time{} })
	w.settle()
}

// ends are what ends the streams of one or of all.
func (w *standingWalk) ends() map[string]func() {
	return map[string]func(){
		"a role that sees nothing": func() {
			w.editMember("sales1", func(m *workspace.Member) { m.Roles = nil })
		},
		"removed":   func() { w.editMember("away", func(m *workspace.Member) { m.Removed = true }) },
		"suspended": func() { w.editWorkspace(func(ws *workspace.Workspace) { ws.SuspendedSince = w.now() }) },
	}
}

// Whatever becomes of the rights of those who share an execution, and of the conversation, each
// is told what they would be told alone, byte for byte, until the streams end; so is who comes
// back behind a cursor. B:Z4, B:Z5, B:V3
func TestWalkSharedVerdictsWhateverBecomesOfRights(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		for seed, end := range []string{"a role that sees nothing", "removed", "suspended"} {
			space := s.newSpace(t, "enterprise", nil)
			w := &standingWalk{twice: space.twice(), random: rand.New(rand.NewPCG(uint64(seed), 1))}
			w.begun()
			w.chat = w.start(desk.NewConversation{Agent: w.agent("ai")})
			observer := w.as("admin").follow(walkSelections()[1], nil)
			for range 3 {
				after := w.here(observer)
				w.steps(nil, 4)
				w.begun()
				told := w.follows(after)
				w.compare(told, w.marked(), "coming back")
				w.steps(told, 12)
			}
			after := w.here(observer)
			w.begun()
			told := w.follows(after)
			w.compare(told, w.marked(), "coming back")
			w.ends()[end]()
			mark := "nothing that anybody is told of"
			if end != "suspended" {
				mark = w.marked()
			}
			w.compare(told, mark, end)
			require.True(t, slices.ContainsFunc(told, func(a audience) bool { return a.ended }), end)
		}
	})
}

// steps does so many things, and compares what was told of each.
func (w *standingWalk) steps(told []audience, n int) {
	w.t.Helper()
	for range n {
		name, do := drawn(w.random, w.verbs())
		if w.random.IntN(3) == 0 {
			name, do = drawn(w.random, w.edits())
		}
		do()
		w.compare(told, w.marked(), name)
	}
}
