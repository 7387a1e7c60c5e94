package resolvers_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/internal/walk"
	"switchboard/resolvers"
)

// A dry run of as many as a call takes foresees each outcome, error and owner, and leaves
// every conversation as it was, also of a team whose members are full before the call ends.
// Row 4. B:G1
func TestWalkADryRunForesees500(t *testing.T) {
	walk.Alone(t)
	onEngines(t, func(t *testing.T, s *server) {
		size := desk.MaxBulk
		if s.overWire() {
			size /= 5 // which takes as long
		}
		for name, verb := range map[string]func(w *space) object{
			"assign to a team": func(w *space) object { return object{"assign": object{"teamId": w.teamOfAll("team")}} },
			"spread":           func(w *space) object { return object{"assign": object{"spreadOver": w.people(10)}} },
			"close":            func(*space) object { return object{"close": true} },
		} {
			t.Run(name, func(t *testing.T) {
				w := s.shift(t, 10, func(r *workspace.Rules) { r.MaxAutoAssigned = 7 })
				what := verb(w)
				var items []object
				for n := range size / 5 {
					for _, global := range w.chats(3, "") {
						items = append(items, object{"conversationId": global})
					}
					owned := w.claim(w.chat(), "owner")
					stale := object{"conversationId": resolvers.ConversationID(owned.ID), "expectedVersion": owned.Version - n%2}
					items = append(items, stale, object{"conversationId": w.chats(1, "owner")[0]})
				}
				for _, item := range items[:size/5] {
					w.as("owner").act("setConversationStatus", object{"conversationId": item["conversationId"], "status": "CLOSED"})
				}
				call := object{"selection": object{"ids": items}, "verb": what, "idempotencyKey": "all"}
				before := w.sums(items)
				dry := w.as("owner").whole(merged(call, object{"dryRun": true}))
				require.Equal(t, before, w.sums(items))
				got := w.as("owner").whole(call)
				require.NotEqual(t, before, w.sums(items))
				foreseen, came := results(t, dry), results(t, got)
				require.Len(t, foreseen, size)
				counts, seen := map[any]int{}, map[any]int{}
				for n := range came {
					counts[came[n]["outcome"]]++
					seen[foreseen[n]["outcome"]]++
					counts[ownerOf(came[n])]++
					seen[ownerOf(foreseen[n])]++
					require.Equal(t, code(came[n]), code(foreseen[n]), "%d", n)
					require.Equal(t, came[n]["outcome"], foreseen[n]["outcome"], "%d: %v", n, came[n])
					require.Equal(t, came[n]["to"], foreseen[n]["to"], "%d", n)
				}
				require.Equal(t, counts, seen)
				require.Greater(t, len(counts), 1, "%v", counts)
				t.Log(counts)
			})
		}
	})
}

// A dry run names for each conversation whom the run then gives it to, and how it ends, by every
// method and with caps that fill up in the middle: to a team and over several members,
// owned and not, with what each member has to begin with. B:G1, B:Q2, B:Q3, B:Q4, B:Q6
func TestWalkADryRunForeseesEachOwner(t *testing.T) {
	walk.Alone(t)
	onEngines(t, func(t *testing.T, s *server) {
		toTeam := func(verb string) func(w *space, team string) object {
			return func(_ *space, team string) object { return object{verb: object{"teamId": team}} }
		}
		over := func(verb string) func(w *space, team string) object {
			return func(w *space, _ string) object { return object{verb: object{"spreadOver": w.people(4)}} }
		}
		offered := func(r *workspace.Rules) { r.TransferAcceptance = workspace.TransferOffered }
		by := func(m workspace.Method) func(*workspace.Rules) { return func(r *workspace.Rules) { r.Method = m } }
		for name, row := range map[string]struct {
			rules func(*workspace.Rules)
			verb  func(w *space, team string) object
			ends  []string
		}{
			"assign, BALANCED":        {by(workspace.Balanced), toTeam("assign"), []string{"DONE", "QUEUED"}},
			"assign, RANDOM":          {by(workspace.Random), toTeam("assign"), []string{"DONE", "QUEUED"}},
			"assign, ROUND_ROBIN":     {by(workspace.RoundRobin), toTeam("assign"), []string{"DONE", "QUEUED"}},
			"transfer, BALANCED":      {by(workspace.Balanced), toTeam("transfer"), []string{"DONE", "REFUSED"}},
			"offered, BALANCED":       {offered, toTeam("transfer"), []string{"OFFERED", "UNCHANGED"}},
			"offered, ROUND_ROBIN":    {func(r *workspace.Rules) { offered(r); by(workspace.RoundRobin)(r) }, toTeam("transfer"), []string{"OFFERED", "UNCHANGED"}},
			"spread":                  {by(workspace.Balanced), over("assign"), []string{"DONE"}},
			"spread by a transfer":    {by(workspace.Balanced), over("transfer"), []string{"DONE"}},
			"spread and offered":      {offered, over("transfer"), []string{"OFFERED"}},
			"spread among the online": {func(r *workspace.Rules) { r.TransferToAway = workspace.DenyAway }, over("assign"), []string{"DONE"}},
		} {
			t.Run(name, func(t *testing.T) {
				w := s.shift(t, 6, func(r *workspace.Rules) {
					r.MaxAutoAssigned, r.TransferActor = 4, workspace.TransferByAnyone
					row.rules(r)
				})
				team := w.teamOfAll("team")
				var chats []string
				for i := range 4 { // of each member as many as of the others, and one more of m0
					owner := fmt.Sprint("m", i)
					chats = append(append(chats, w.chats(3, owner)...), w.chats(3, "")...)
					chats = append(chats, w.chats(2-i/2, "owner")...)
				}
				call := object{"selection": chosen(chats...), "verb": row.verb(w, team)}
				before := w.versions(chats)
				dry := w.as("owner").foreseen(merged(call, object{"dryRun": true}))
				require.Equal(t, before, w.versions(chats))
				got := w.as("owner").foreseen(call)
				require.Equal(t, dry, got)
				ends := map[string]bool{}
				for _, one := range got {
					ends[one.outcome] = true
				}
				for _, end := range row.ends {
					require.True(t, ends[end], "%v", ends)
				}
			})
		}
	})
}

// met is how one item of a call ended, or would end.
type met struct{ outcome, owner, code string }

// foreseen is how each item of a call ended, or would end.
func (c *client) foreseen(call object) (out []met) {
	c.t.Helper()
	payload, _ := c.do(`mutation($in: BulkInput!) { actOnConversations(input: $in) { results {
		conversationId outcome to { assignee { id } } error { code } } } }`, vars{"in": call}).at("actOnConversations").(object)
	for _, one := range results(c.t, payload) {
		refused, _ := code(one).(string)
		owner, _ := ownerOf(one).(string)
		outcome, _ := one["outcome"].(string)
		out = append(out, met{outcome: outcome, owner: owner, code: refused})
	}
	require.NotEmpty(c.t, out)
	return out
}

// whole is bulk, again with the key until all was tried, as a slow machine may leave some.
func (c *client) whole(call object) object {
	c.t.Helper()
	for deadline := time.Now().Add(patience); ; {
		payload := c.bulk(call)
		if payload["notTried"] == json.Number("0") {
			return payload
		}
		require.True(c.t, time.Now().Before(deadline), "%v were never tried", payload["notTried"])
	}
}

// code is that of the error of a result; nil for none.
func code(result object) any {
	refusal, _ := result["error"].(object)
	return refusal["code"]
}

// ownerOf is who has the conversation of a result in the end; nil for nobody.
func ownerOf(result object) any {
	to, _ := result["to"].(object)
	owner, _ := to["assignee"].(object)
	return owner["id"]
}

// people are the global ids of the members of a shift.
func (w *space) people(n int) (out []string) {
	for i := range n {
		out = append(out, w.global(fmt.Sprint("member m", i)))
	}
	return out
}

// sums are all versions and all revisions, each in all.
func (w *space) sums(items []object) (sum [2]int) {
	w.t.Helper()
	for _, item := range items {
		global, _ := item["conversationId"].(string)
		id, err := resolvers.ParseConversationID(global)
		require.NoError(w.t, err)
		c := w.stored(id)
		sum[0], sum[1] = sum[0]+c.Version, sum[1]+c.Revision
	}
	return sum
}
