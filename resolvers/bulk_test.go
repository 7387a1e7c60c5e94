package resolvers_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/resolvers"
)

// refusedFields are all that a refusal shows.
const refusedFields = `__typename code message ... on ConflictError { current { id version assignee { id } } by { ... on Member { id } } at }
	... on AccessLostError { by { ... on Member { id } } at } ... on NotAssigneeError { assignee { id } hint } ... on PermissionDeniedError { permission }
	... on PlanRequiredError { feature currentPlan { name } requiredPlan { name } } ... on ConversationClosedError { allowed } ... on NotAssignedError { hint }
	... on TargetNotPermittedError { field reason } ... on NotFoundError { field } ... on InvalidInputError { field } ... on AssigneeNotHumanError { field }
	... on AlreadyAssignedError { assignee { id } current { id version } at } ... on TakeoverRequiredError { assignee { id } }`

const actOn = `mutation($in: BulkInput!) { actOnConversations(input: $in) {
	bulkId done refused notTried more userErrors { code message }
	results { conversationId outcome conversation { id version assignee { id } } to { assignee { id } } event { id kind bulkId } error { ` + refusedFields + ` } }
} }`

// bulk sends a call and returns its payload.
func (c *client) bulk(in object) object {
	c.t.Helper()
	payload, _ := c.do(actOn, vars{"in": in}).at("actOnConversations").(object)
	return payload
}

// chosen selects conversations by their global ids.
func chosen(globals ...string) object {
	items := []object{}
	for _, id := range globals {
		items = append(items, object{"conversationId": id})
	}
	return object{"ids": items}
}

// chats are the global ids of n chats that a member owns, or that the AI agent answers.
func (w *space) chats(n int, owner string) (out []string) {
	w.t.Helper()
	for range n {
		c := w.chat()
		if owner != "" {
			c = w.claim(c, owner)
		}
		out = append(out, resolvers.ConversationID(c.ID))
	}
	return out
}

func results(t *testing.T, payload object) (out []object) {
	t.Helper()
	all, ok := payload["results"].([]any)
	require.True(t, ok, "%v", payload)
	for _, one := range all {
		result, _ := one.(object)
		out = append(out, result)
	}
	return out
}

// asJSON is what a client compares byte by byte.
func asJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	require.NoError(t, err)
	return string(text)
}

// Whatever a call is given, its results are in order, each with the error that the single
// mutation gives byte for byte, but for the path of the caller's own argument; and an id that was made up reads as one of another
// workspace. B:G1, B:Z7
func TestBulkMixed(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w, other := s.newSpace(t, "enterprise", nil), s.newSpace(t, "enterprise", nil)
		closed := w.owned("agent1")
		_, err := s.service.Desk.Close(t.Context(), w.principal("agent1"), desk.Request{Conversation: closed.ID}, desk.Closing{})
		require.NoError(t, err)
		foreign, made := resolvers.ConversationID(other.chat().ID), resolvers.ConversationID("made-up")
		var given []object
		for range 4 {
			mine, theirs := w.owned("agent1"), w.owned("agent2")
			given = append(given,
				object{"conversationId": resolvers.ConversationID(mine.ID)},
				object{"conversationId": resolvers.ConversationID(theirs.ID)},
				object{"conversationId": resolvers.ConversationID(w.ticket("sales1").ID)},
				object{"conversationId": resolvers.ConversationID(w.owned("agent1").ID), "expectedVersion": 1},
			)
		}
		given = append(given, object{"conversationId": resolvers.ConversationID(closed.ID)}, object{"conversationId": foreign},
			object{"conversationId": made})
		for verb, single := range map[string]func(item object) (string, object){
			"transfer": func(item object) (string, object) {
				return "transferConversation(input: $in)", merged(item, object{"to": object{"memberId": w.global("member agent2")}})
			},
			"assign": func(item object) (string, object) {
				return "assignConversation(input: $in)", merged(item, object{"to": object{"memberId": w.global("member agent2")}})
			},
			"close": func(item object) (string, object) {
				return "setConversationStatus(input: $in)", merged(item, object{"status": "CLOSED"})
			},
			"unassign": func(item object) (string, object) { return "unassignConversation(input: $in)", item },
		} {
			t.Run(verb, func(t *testing.T) {
				what := object{verb: true}
				if verb == "transfer" || verb == "assign" {
					what = object{verb: object{"memberId": w.global("member agent2")}}
				}
				dry := results(t, w.in(t).as("agent1").bulk(object{"selection": object{"ids": given}, "verb": what, "dryRun": true}))
				require.Len(t, dry, len(given))
				for i, item := range given {
					require.Equal(t, item["conversationId"], dry[i]["conversationId"])
					if dry[i]["outcome"] == "DONE" {
						require.Nil(t, dry[i]["error"])
						continue
					}
					field, in := single(item)
					name, _, _ := strings.Cut(field, "(")
					typeName := map[string]string{
						"transferConversation": "TransferConversationInput", "assignConversation": "AssignConversationInput",
						"setConversationStatus": "SetStatusInput", "unassignConversation": "ConversationInput",
					}[name]
					want := w.in(t).as("agent1").do("mutation($in: "+typeName+"!) { "+field+" { userErrors { "+refusedFields+" } } }", vars{"in": in}).at(name + ".userErrors")
					own := strings.ReplaceAll(asJSON(t, want), `["to","memberId"]`, `["verb","`+verb+`","memberId"]`)
					own = strings.ReplaceAll(own, `"code":"NOT_FOUND","field":["conversationId"]`, `"code":"NOT_FOUND","field":null`) // the result names it
					require.Equal(t, own, asJSON(t, []any{dry[i]["error"]}))
				}
				require.Equal(t, asJSON(t, dry[len(dry)-2]["error"]), asJSON(t, dry[len(dry)-1]["error"]), "foreign and made up")
			})
		}
		got := w.as("agent1").bulk(object{"selection": object{"ids": given}, "verb": object{"transfer": object{"memberId": w.global("member agent2")}}})
		done := 0
		for i, one := range results(t, got) {
			require.Equal(t, given[i]["conversationId"], one["conversationId"])
			if one["outcome"] == "DONE" {
				done++
				require.Equal(t, got["bulkId"], dig(t, one, "event.bulkId"))
				require.Equal(t, w.global("member agent2"), dig(t, one, "conversation.assignee.id"))
			}
		}
		require.Equal(t, 4, done, "mine, and no other")
	})
}

func merged(a, b object) object {
	out := object{}
	for _, from := range []object{a, b} {
		for k, v := range from {
			out[k] = v
		}
	}
	return out
}

// A dry run foresees each outcome of a team of 10 with room for 50 among 80, and leaves
// nothing behind; the run passes no cap. B:G1, B:Q6
func TestBulkToATeamOfTen(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.shift(t, 10, func(r *workspace.Rules) { r.MaxAutoAssigned = 5 })
		team := w.teamOfAll("team")
		chats := w.chats(80, "")
		call := object{"selection": chosen(chats...), "verb": object{"assign": object{"teamId": team}}}
		before := w.versions(chats)
		dry := w.as("owner").bulk(merged(call, object{"dryRun": true}))
		require.Equal(t, before, w.versions(chats))
		require.Nil(t, dry["bulkId"])
		got := w.as("owner").bulk(call)
		require.Equal(t, column(t, dry["results"], "outcome"), column(t, got["results"], "outcome"))
		counts, owned := map[string]int{}, map[string]int{}
		for _, one := range results(t, got) {
			outcome, _ := one["outcome"].(string)
			counts[outcome]++
			if owner, ok := dig(t, one, "conversation.assignee").(object); ok {
				id, _ := owner["id"].(string)
				owned[id]++
			}
		}
		require.Equal(t, map[string]int{"DONE": 50, "QUEUED": 30}, counts)
		require.Len(t, owned, 10)
		for id, n := range owned {
			require.Equal(t, 5, n, id)
		}
	})
}

// teamOfAll makes a team of all members of a shift and returns its global id.
func (w *space) teamOfAll(key string) string {
	w.t.Helper()
	w.edit(func(*workspace.Directory) workspace.DirectoryChange {
		return workspace.DirectoryChange{Team: &workspace.Team{ID: w.team(key), Workspace: w.id, Name: "All", Rev: 1}}
	})
	d, err := w.store.Directory(w.t.Context(), w.id)
	require.NoError(w.t, err)
	for id, m := range d.Members {
		if !strings.Contains(string(id), "-owner") {
			m.Teams, m.Rev = append(m.Teams, w.team(key)), m.Rev+1
			w.edit(func(*workspace.Directory) workspace.DirectoryChange { return workspace.DirectoryChange{Member: &m} })
		}
	}
	w.eventually(func() bool {
		a, err := w.service.Callers.Access(w.t.Context(), w.principal("owner"))
		require.NoError(w.t, err)
		return len(access.Eligible(a, workspace.Livechat, w.team(key))) == len(d.Members)-1
	})
	return w.global("team " + key)
}

// eventually waits until this server has heard of what another one did.
func (w *space) eventually(so func() bool) {
	w.t.Helper()
	require.Eventually(w.t, so, patience, 5*time.Millisecond)
}

func (w *space) versions(chats []string) (out []int) {
	w.t.Helper()
	for _, global := range chats {
		id, err := resolvers.ParseConversationID(global)
		require.NoError(w.t, err)
		out = append(out, w.stored(id).Version)
	}
	return out
}

// A call whose connection is cut at any moment is finished by the same key: each
// conversation changes once, with one event, and its new owner has one notification of
// all. B:G1
func TestBulkIsCut(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		cuts, size := 12, 20
		if s.overWire() {
			cuts = 4
		}
		for cut := range cuts {
			w := s.newSpace(t, "enterprise", nil)
			chats := w.chats(size, "agent1")
			call := object{"selection": chosen(chats...), "verb": object{"transfer": object{"memberId": w.global("member agent2")}}, "idempotencyKey": "k"}
			w.cut(call, time.Duration(rand.IntN(40))*time.Millisecond)
			got := w.as("agent1").bulk(call)
			require.EqualValues(t, json.Number(fmt.Sprint(size)), got["done"], "cut %d: %v", cut, got)
			again := w.as("agent1").bulk(call)
			require.Equal(t, got["bulkId"], again["bulkId"])
			require.Equal(t, column(t, got["results"], "event.id"), column(t, again["results"], "event.id"))
			for _, v := range w.versions(chats) {
				require.Equal(t, 3, v, "begun, claimed, transferred")
			}
			told := w.as("agent2").do(`{ notifications { totalCount nodes { kind count bulkId claimable } } }`, nil)
			require.Equal(t, object{"kind": "TRANSFERRED_TO_YOU", "count": json.Number(fmt.Sprint(size)), "bulkId": got["bulkId"], "claimable": false},
				told.at("notifications.nodes").([]any)[0])
			require.EqualValues(t, json.Number("1"), told.at("notifications.totalCount"))
		}
	})
}

// cut sends a call and hangs up after a time.
func (w *space) cut(call object, after time.Duration) {
	w.t.Helper()
	ctx, hangUp := context.WithTimeout(w.t.Context(), after)
	defer hangUp()
	body := asJSON(w.t, object{"query": actOn, "variables": vars{"in": call}})
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.url, strings.NewReader(body))
	require.NoError(w.t, err)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+w.as("agent1").token)
	if resp, err := w.http.Do(req); err == nil {
		_ = resp.Body.Close()
	}
}

// The shift ends: everything of mine goes to the team in one call, which says whether
// there is more. B:G1
func TestBulkOfAView(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		mine, theirs := w.chats(7, "agent1"), w.chats(2, "agent2")
		call := object{
			"selection":      object{"view": object{"list": "MINE", "statuses": []string{"OPEN", "UNSET"}}},
			"verb":           object{"transfer": object{"teamId": w.global("team sales")}},
			"idempotencyKey": "shift",
		}
		before := w.versions(append(mine, theirs...))
		dry := w.as("agent1").bulk(merged(call, object{"dryRun": true}))
		require.Equal(t, before, w.versions(append(mine, theirs...)))
		got := w.as("agent1").bulk(call)
		require.ElementsMatch(t, mine, column(t, got["results"], "conversationId"))
		require.Equal(t, column(t, dry["results"], "outcome"), column(t, got["results"], "outcome"))
		require.Equal(t, false, got["more"])
		again := w.as("agent1").bulk(call)
		require.ElementsMatch(t, column(t, got["results"], "event.id"), column(t, again["results"], "event.id"))
		require.Equal(t, "PERMISSION_DENIED", w.as("website").do(actOn, vars{"in": call}).code(), "keys that only feed reach nothing of it")
	})
}

// Two subscribers hear of many conversations as of one thing, which grows, and is gone
// with the last that can be claimed. B:G1, B:V7
func TestBulkIsHeardOnce(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		chats := w.chats(12, "agent1")
		heard := w.as("agent2").follow(`subscription { notifications { id kind count bulkId gone } }`, nil)
		w.as("manager").bulk(object{"selection": chosen(chats...), "verb": object{"unassign": true}})
		var last object
		items := 0
		for last == nil || last["count"] != json.Number("12") {
			last = heard.item()
			items++
		}
		require.Equal(t, "UP_FOR_GRABS", last["kind"])
		require.LessOrEqual(t, items, 12)
		id := last["id"]
		w.as("senior").bulk(object{"selection": chosen(chats...), "verb": object{"assign": object{"memberId": w.global("member senior")}}})
		for last["gone"] != true {
			last = heard.item()
			require.Equal(t, id, last["id"])
		}
	})
}

// How long a call takes, and what it does to others meanwhile: it prints figures and
// demands none. B:G1
func TestBulkFigures(t *testing.T) {
	if testing.Short() {
		t.Skip("figures take a while")
	}
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		n := 100
		chats := w.chats(n, "")
		own := w.owned("senior")
		one := func() time.Duration {
			begun := time.Now()
			w.as("senior").do(`query($id: ID!) { conversation(id: $id) { id version } }`, vars{"id": resolvers.ConversationID(own.ID)}).ok()
			return time.Since(begun)
		}
		quiet := one()
		var busy []time.Duration
		stop := make(chan struct{})
		var others sync.WaitGroup
		others.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					busy = append(busy, one())
				}
			}
		})
		begun := time.Now()
		got := w.as("manager").bulk(object{"selection": chosen(chats...), "verb": object{"assign": object{"memberId": w.global("member agent1")}}})
		took := time.Since(begun)
		close(stop)
		others.Wait()
		require.EqualValues(t, json.Number(fmt.Sprint(n)), got["done"])
		worst := time.Duration(0)
		for _, d := range busy {
			worst = max(worst, d)
		}
		t.Logf("%d assigns in %v; a read of another caller took %v before and at most %v of %d meanwhile", n, took, quiet, worst, len(busy))
	})
}
