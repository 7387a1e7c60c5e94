package inbox_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// verbs are the pure functions by the names that effects.csv gives them.
func verbs() map[string]func(inbox.Conversation, inbox.Command) inbox.Move {
	type convo = inbox.Conversation
	type turn = inbox.Command
	byAgent := func(t turn) turn { t.By = world.AsAgent(world.Bot).Actor; return t }
	return map[string]func(convo, turn) inbox.Move{
		"assign to mate":    func(c convo, t turn) inbox.Move { return inbox.Assign(c, world.Mate, t) },
		"assign to me":      func(c convo, t turn) inbox.Move { return inbox.Assign(c, world.Me, t) },
		"assign to billing": func(c convo, t turn) inbox.Move { return inbox.AssignToTeam(c, world.Billing, "", t) },
		"assign to billing and mate": func(c convo, t turn) inbox.Move {
			return inbox.AssignToTeam(c, world.Billing, world.Mate, t)
		},
		"claim":             inbox.Claim,
		"unassign":          inbox.Unassign,
		"leave":             inbox.Leave,
		"take over":         inbox.TakeOver,
		"close":             inbox.Close,
		"transfer to mate":  func(c convo, t turn) inbox.Move { return inbox.Transfer(c, world.Mate, t) },
		"transfer to sales": func(c convo, t turn) inbox.Move { return inbox.TransferToTeam(c, world.Sales, "", t) },
		"transfer to sales and stranger": func(c convo, t turn) inbox.Move {
			return inbox.TransferToTeam(c, world.Sales, world.Stranger, t)
		},
		"hand off":          func(c convo, t turn) inbox.Move { return inbox.HandOff(c, "", "", true, byAgent(t)) },
		"hand off to sales": func(c convo, t turn) inbox.Move { return inbox.HandOff(c, world.Sales, "", true, byAgent(t)) },
		"hand off to mate":  func(c convo, t turn) inbox.Move { return inbox.HandOff(c, "", world.Mate, false, byAgent(t)) },
		"route to mate":     func(c convo, t turn) inbox.Move { return inbox.AutoAssign(c, world.Mate, t.At, t.Rules) },
		"set OPEN":          func(c convo, t turn) inbox.Move { return inbox.SetStatus(c, inbox.Open, t) },
		"set UNSET":         func(c convo, t turn) inbox.Move { return inbox.SetStatus(c, inbox.Unset, t) },
		"reopen":            func(c convo, t turn) inbox.Move { return inbox.Reopen(c, inbox.Answerer{}, inbox.Open, t) },
		"reopen for me": func(c convo, t turn) inbox.Move {
			return inbox.Reopen(c, inbox.Answerer{Member: world.Me}, inbox.Open, t)
		},
		"reopen for mate": func(c convo, t turn) inbox.Move {
			return inbox.Reopen(c, inbox.Answerer{Member: world.Mate, Automatic: true}, inbox.Open, t)
		},
		"reopen to the AI": func(c convo, t turn) inbox.Move { return inbox.Reopen(c, inbox.Answerer{Agent: true}, inbox.Open, t) },
		"reopen as UNSET":  func(c convo, t turn) inbox.Move { return inbox.Reopen(c, inbox.Answerer{Agent: true}, inbox.Unset, t) },
		"return to the AI": inbox.ReturnToAgent,
	}
}

// Each verb does to a conversation, its event, the loads and the contact what
// its row says. B:A1 B:A4 B:A5 B:A6 B:T1 B:T3 B:K1 B:K3 B:L1 B:L2 B:H1 B:H3
// B:C1 B:C2 B:C3 B:C4 B:C7 B:Q8
func TestEffects(t *testing.T) {
	played := map[string]bool{}
	for _, r := range world.ReadTable(t, "effects.csv") {
		apply, known := verbs()[r.Get(t, "verb")]
		require.True(t, known, "%s: there are %q", r, world.Names(verbs()))
		before, known := world.States(world.Me)[r.Get(t, "state")]
		require.True(t, known, "%s: there are %q", r, world.Names(world.States(world.Me)))
		played[r.Get(t, "verb")] = true

		m := apply(before, inbox.Command{By: world.AsMember(world.Me).Actor, At: world.Start(), Rules: ruleSet(t, r), Reason: "because", Note: "a note"})
		checkEvent(t, r, before, m)
		told, _ := desk.Notice(m, ruleSet(t, r), func(id workspace.MemberID) string { return world.NewDirectory().Members[id].Name })
		for column, got := range map[string]string{
			"kind": string(m.Event.Kind), "assignee": orDash(m.After.Assignee), "team": orDash(m.After.Team),
			"status": string(m.After.Status), "handler": string(m.After.Handler()), "AI": aiOf(m.After),
			"since": sinceOf(t, before, m.After), "epoch": epochOf(before, m.After), "former": orDash(m.After.FormerAssignee),
			"loads": loadsOf(t, before, m.After), "told": orDash(told),
		} {
			if want := r.Get(t, column); got != want {
				t.Errorf("%s: %s of %q: %s is %q, want %q", r, r.Get(t, "verb"), r.Get(t, "state"), column, got, want)
			}
		}
	}
	require.Len(t, played, len(verbs()), "a verb has no row")
}

// checkEvent demands what holds for every verb: one version more, both sides
// in the event, who, when and why.
func checkEvent(t *testing.T, r world.Row, before inbox.Conversation, m inbox.Move) {
	t.Helper()
	require.Equal(t, before.Version+1, m.After.Version, r)
	require.Equal(t, world.Start(), m.After.LastActivityAt, r)
	require.Equal(t, inbox.Attribution{By: m.Event.Actor, At: world.Start()}, m.After.Changed, r)
	wantReason, wantNote, wantActor := "because", "a note", world.AsMember(world.Me).Actor
	switch verb := r.Get(t, "verb"); {
	case verb == "leave":
		wantReason = inbox.ReasonLeft
	case strings.HasPrefix(verb, "route"):
		wantReason, wantNote, wantActor = "", "", workspace.System()
	case strings.HasPrefix(verb, "hand off"):
		wantActor = world.AsAgent(world.Bot).Actor
	}
	require.Equal(t, inbox.Event{
		Workspace: world.Home, Type: inbox.OwnershipEvent, Kind: m.Event.Kind, Conversation: "c", Actor: wantActor,
		From: before.Ownership, To: m.After.Ownership, Reason: wantReason, Note: wantNote,
		Version: m.After.Version, Epoch: m.After.Epoch, At: world.Start(),
	}, m.Event, r)
}

func ruleSet(t *testing.T, r world.Row) workspace.Rules {
	t.Helper()
	w := workspace.Workspace{Rules: workspace.DefaultRules()}
	for _, rule := range strings.FieldsFunc(r.Get(t, "rule"), func(c rune) bool { return c == '+' }) {
		name, value, _ := strings.Cut(rule, "=")
		world.SetRule(t, &w, name, value)
	}
	return w.Rules
}

func orDash[T ~string](s T) string {
	if s == "" {
		return "-"
	}
	return string(s)
}

func aiOf(c inbox.Conversation) string {
	if c.AIStopped {
		return "stopped"
	}
	return "on"
}

func sinceOf(t *testing.T, before, after inbox.Conversation) string {
	t.Helper()
	require.Equal(t, after.Waiting(), !after.WaitingSince.IsZero(), "who waits has a time since when, and nobody else")
	switch {
	case after.WaitingSince.IsZero():
		return "-"
	case after.WaitingSince.Equal(before.WaitingSince):
		return "before"
	case after.WaitingSince.Equal(before.NeededSince):
		return "needed"
	case after.WaitingSince.Equal(world.Start()):
		return "now"
	}
	return after.WaitingSince.String()
}

func epochOf(before, after inbox.Conversation) string {
	if after.Epoch == before.Epoch {
		return "="
	}
	return fmt.Sprintf("%+d", after.Epoch-before.Epoch)
}

func loadsOf(t *testing.T, before, after inbox.Conversation) string {
	t.Helper()
	var out []string
	for _, l := range inbox.LoadChanges(before, after) {
		require.Equal(t, before.Kind, l.Kind)
		out = append(out, fmt.Sprintf("%s%+d", l.Member, l.Delta))
	}
	return strings.Join(out, " ")
}
