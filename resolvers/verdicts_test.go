package resolvers_test

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/internal/walk"
	"switchboard/resolvers"
)

// situations are states of a conversation to judge.
func situations() map[string]func(w *space) inbox.Conversation {
	closed := func(w *space, c inbox.Conversation) inbox.Conversation {
		by := "agent1"
		if !c.Owned() {
			c = w.claim(c, by)
		}
		out, err := w.service.Desk.SetStatus(w.t.Context(), w.principal(by), desk.Request{Conversation: c.ID}, inbox.Closed)
		require.NoError(w.t, err)
		return out.Conversation
	}
	return map[string]func(w *space) inbox.Conversation{
		"a chat of its AI agent": (*space).chat,
		"a chat that waits":      (*space).waitingChat,
		"a chat of an agent":     func(w *space) inbox.Conversation { return w.owned("agent1") },
		"a chat that sleeps": func(w *space) inbox.Conversation {
			out, err := w.service.Desk.Snooze(w.t.Context(), w.principal("agent1"), desk.Request{Conversation: w.owned("agent1").ID}, time.Time{})
			require.NoError(w.t, err)
			return out.Conversation
		},
		"a chat that is offered": func(w *space) inbox.Conversation {
			c := w.owned("agent2")
			d, err := w.store.Directory(w.t.Context(), w.id)
			require.NoError(w.t, err)
			if d.Workspace.Plan == "free" {
				return c // nothing is transferred, so nothing is offered
			}
			w.offerOf(c.ID, "agent2", access.Owner{Member: w.member("agent1")})
			return w.stored(c.ID)
		},
		"a chat of another team": func(w *space) inbox.Conversation { return w.owned("sales1") },
		"a closed chat":          func(w *space) inbox.Conversation { return closed(w, w.chat()) },
		"a closed chat of one thread": func(w *space) inbox.Conversation {
			return closed(w, w.start(desk.NewConversation{Agent: w.agent("ai"), Channel: "sms"}))
		},
		"a ticket of an agent":     func(w *space) inbox.Conversation { return w.ticket("agent1") },
		"a ticket of another team": func(w *space) inbox.Conversation { return w.ticket("team sales") },
		"a closed ticket":          func(w *space) inbox.Conversation { return closed(w, w.ticket("agent1")) },
	}
}

// climates are plans and rules under which they are judged.
func climates() map[string]func(*workspace.Directory) {
	return map[string]func(*workspace.Directory){
		"by default":       func(*workspace.Directory) {},
		"on the free plan": func(d *workspace.Directory) { d.Workspace.Plan = "free" },
		"under strict rules": func(d *workspace.Directory) {
			r := &d.Workspace.Rules
			r.Unassign, r.CloseActor, r.TakeoverUnassigned = workspace.UnassignByManager, workspace.CloseByAssignee, workspace.TakeoverRejects
			r.SendPolicy, r.Visibility, r.AIWhilePending = workspace.SendAssigneeAlways, workspace.VisibleExclusive, workspace.AIPausesPending
		},
		"under loose rules": func(d *workspace.Directory) {
			r := &d.Workspace.Rules
			r.Unassign, r.CloseActor, r.TransferActor = workspace.UnassignByAnyone, workspace.CloseByAnyone, workspace.TransferByAnyone
			r.SendPolicy, r.Visibility, r.AIWhenAssigned = workspace.SendAnyone, workspace.VisibleOpen, workspace.AIContinues
		},
	}
}

// tries are the mutation of each action; VIEW and MONITOR have none.
func (w *space) tries(c inbox.Conversation) map[string]deed {
	id := resolvers.ConversationID(c.ID)
	with := func(more object) object {
		more["conversationId"] = id
		return more
	}
	admin := object{"memberId": w.global("member admin")}
	offer := object{"offerId": resolvers.GlobalID("TransferOffer", cmp.Or(c.Offer.ID, "none"))}
	return map[string]deed{
		"REPLY":            {Do: "sendMessage", Input: with(object{"body": "Hello", "epoch": c.Epoch})},
		"ASSIGN":           {Do: "assignConversation", Input: with(object{"to": admin})},
		"CLAIM":            {Do: "claimConversation", Input: with(object{})},
		"UNASSIGN":         {Do: "unassignConversation", Input: with(object{})},
		"TRANSFER":         {Do: "transferConversation", Input: with(object{"to": admin})},
		"TAKE_OVER":        {Do: "takeOverConversation", Input: with(object{})},
		"LEAVE":            {Do: "leaveConversation", Input: with(object{})},
		"CLOSE":            {Do: "setConversationStatus", Input: with(object{"status": "CLOSED"})},
		"REOPEN":           {Do: "setConversationStatus", Input: with(object{"status": "OPEN"})},
		"HAND_OFF":         {Do: "requestHandoff", Input: with(object{"to": object{"anyone": true}})},
		"REOPEN_AND_REPLY": {Do: "reopenAndReply", Input: with(object{"body": "Hello", "epoch": c.Epoch})},
		"RETURN_TO_AGENT":  {Do: "returnToAgent", Input: with(object{})},
		"SNOOZE":           {Do: "snoozeConversation", Input: with(object{"until": object{"time": time.Now().Add(time.Hour)}})},
		"WAKE":             {Do: "wakeConversation", Input: with(object{})},
		"ACCEPT_OFFER":     {Do: "acceptOffer", Input: offer},
		"DECLINE_OFFER":    {Do: "declineOffer", Input: offer},
		"WITHDRAW_OFFER":   {Do: "withdrawOffer", Input: offer},
		"START_NEW":        {Do: "startNewConversation", Input: with(object{"body": "Hello"})},
	}
}

// attempt is a mutation that asks for no more than why it was refused.
func attempt(s *ast.Schema, name string) string {
	typ := s.Mutation.Fields.ForName(name).Arguments.ForName("input").Type.String()
	return "mutation($input: " + typ + ") { payload: " + name + `(input: $input) { userErrors {
		code ... on PermissionDeniedError { permission } ... on PlanRequiredError { requiredPlan { name } }
	} } }`
}

// copyOf stores another conversation in the same state.
func (w *space) copyOf(c inbox.Conversation) inbox.Conversation {
	w.t.Helper()
	c.ID, c.Version, c.LastMessage = inbox.ConversationID(rand.Text()), 1, nil
	after := c
	require.NoError(w.t, w.store.Commit(w.t.Context(), commit.Change{
		Conversation: c, Create: true, Loads: inbox.LoadChanges(inbox.Conversation{}, c),
		Event: inbox.Event{
			ID: inbox.EventID(rand.Text()), Workspace: w.id, Type: inbox.OwnershipEvent, Kind: inbox.EventCreated, Conversation: c.ID,
			Actor: workspace.System(), To: c.Ownership, Version: 1, Epoch: c.Epoch, At: c.LastActivityAt, After: &after,
		},
	}))
	return c
}

// fits are the codes of a mutation that a reason may stand for.
func fits() map[string][]string {
	return map[string][]string{
		"PLAN": {"PLAN_REQUIRED"}, "PERMISSION": {"PERMISSION_DENIED"}, "NOT_ASSIGNEE": {"NOT_ASSIGNEE", "ALREADY_ASSIGNED"},
		"ALREADY_ASSIGNEE": {"ALREADY_ASSIGNEE"}, "NOT_ASSIGNED": {"NOT_ASSIGNED"}, "STATE": {"CONVERSATION_CLOSED", "INVALID_INPUT", "OFFER_SETTLED"},
		"TAKEOVER_REQUIRED": {"TAKEOVER_REQUIRED", "ALREADY_ASSIGNED"},
	}
}

// viewerCan says allowed exactly when the mutation succeeds, and otherwise why
// it would not. B:Z5
func TestWalkViewerCanIsWhatHappens(t *testing.T) {
	walk.Alone(t)
	schema := loadSchema(t)
	reasons := map[string]bool{}
	judge := func(t *testing.T, s *server, change func(*workspace.Directory)) {
		w := s.newSpace(t, "enterprise", change)
		for situation, put := range situations() {
			t.Run(situation, func(t *testing.T) {
				w := w.in(t)
				c := put(w)
				for _, who := range []string{"manager", "senior", "agent1", "sales1", "observer", "ai"} {
					w.judge(schema, c, who, reasons, w.another(c, put))
				}
			})
		}
	}
	for climate, change := range climates() {
		t.Run("embedded "+climate, func(t *testing.T) { judge(t, onEmbedded(t), change) })
	}
	// The decision has nothing to do with the engine: one climate shows that.
	t.Run("wire", func(t *testing.T) { judge(t, onWire(t), climates()["by default"]) })
	for reason := range fits() {
		require.True(t, reasons[reason], "no case has the reason %s", reason)
	}
}

// another gives conversations in the same situation: copies, but of what is offered, as an
// offer is no part of its conversation alone.
func (w *space) another(c inbox.Conversation, put func(*space) inbox.Conversation) func() inbox.Conversation {
	if c.Offer.Open() {
		return func() inbox.Conversation { return put(w) }
	}
	return func() inbox.Conversation { return w.copyOf(c) }
}

// judge compares what c says of each action with what happens to another like it.
func (w *space) judge(schema *ast.Schema, c inbox.Conversation, who string, reasons map[string]bool, another func() inbox.Conversation) {
	w.t.Helper()
	a := w.as(who).do(`query($id: ID!) { conversation(id: $id) { viewerCan { action allowed reason permission requiredPlan { name } } } }`, vars{"id": resolvers.ConversationID(c.ID)})
	if a.code() != "" {
		require.Equal(w.t, "PERMISSION_DENIED", a.code())
		w.refusedInTheDark(schema, c, who)
		return
	}
	verdicts, _ := a.at("conversation.viewerCan").([]any)
	require.Len(w.t, verdicts, len(schema.Types["ConversationAction"].EnumValues))
	for _, v := range verdicts {
		verdict, _ := v.(object)
		action, _ := verdict["action"].(string)
		if action == "VIEW" {
			require.Equal(w.t, true, verdict["allowed"])
			continue
		}
		if action == "MONITOR" { // it is watching, which VIEW is enough for
			continue
		}
		if strings.HasSuffix(action, "_OFFER") && c.Offer.ID == "" {
			require.Equal(w.t, false, verdict["allowed"], "%s of no offer", action)
			continue
		}
		d, ok := w.tries(another())[action]
		require.True(w.t, ok, "nobody tries %s", action)
		w.compare(schema, who, verdict, d, reasons)
	}
}

func (w *space) compare(schema *ast.Schema, who string, verdict object, d deed, reasons map[string]bool) {
	w.t.Helper()
	got := w.as(who).do(attempt(schema, d.Do), vars{"input": d.Input})
	code, _ := got.verdict()
	about := fmt.Sprintf("%s: %v, but %s", who, verdict, got.text)
	require.Equal(w.t, verdict["allowed"], code == "", about)
	if code == "" {
		require.Nil(w.t, verdict["reason"], about)
		return
	}
	reason, _ := verdict["reason"].(string)
	reasons[reason] = true
	require.Contains(w.t, fits()[reason], code, about)
	refused, _ := dig(w.t, got.ok(), "payload.userErrors").([]any)
	switch reason {
	case "PERMISSION":
		require.Equal(w.t, verdict["permission"], dig(w.t, refused[0], "permission"), about)
		require.NotEmpty(w.t, verdict["permission"], about)
	case "PLAN":
		require.Equal(w.t, dig(w.t, verdict, "requiredPlan.name"), dig(w.t, refused[0], "requiredPlan.name"), about)
	}
}

// refusedInTheDark tries everything on what the caller may not see.
func (w *space) refusedInTheDark(schema *ast.Schema, c inbox.Conversation, who string) {
	w.t.Helper()
	before := w.stored(c.ID)
	for action, d := range w.tries(c) {
		if strings.HasSuffix(action, "_OFFER") && c.Offer.ID == "" {
			continue
		}
		got := w.as(who).do(attempt(schema, d.Do), vars{"input": d.Input})
		code, _ := got.verdict()
		known := []string{"PERMISSION_DENIED", "PLAN_REQUIRED"}
		if action == "CLAIM" { // who comes too late is told so
			known = append(known, "ALREADY_ASSIGNED", "CONVERSATION_CLOSED")
		}
		require.Contains(w.t, known, code, "%s did %s: %s", who, action, got.text)
	}
	require.Equal(w.t, before, w.stored(c.ID))
}
