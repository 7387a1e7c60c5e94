package inbox_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"switchboard/inbox"
)

// entrance is a verb by which somebody may try to bring a conversation to an owner.
type entrance func(d *desk, by inbox.Principal, to inbox.Owner) (inbox.Outcome, error)

// entrances are the verbs that make a change, given who owns before and after.
func entrances(before, after inbox.Holder) map[string]entrance {
	ctx, r := context.Background(), inbox.Request{Conversation: "c"}
	assign := func(d *desk, by inbox.Principal, to inbox.Owner) (inbox.Outcome, error) {
		return d.Assign(ctx, by, r, to, "")
	}
	transfer := func(d *desk, by inbox.Principal, to inbox.Owner) (inbox.Outcome, error) {
		return d.Transfer(ctx, by, r, to, "")
	}
	takeover := func(d *desk, by inbox.Principal, _ inbox.Owner) (inbox.Outcome, error) {
		return d.TakeOver(ctx, by, r, nil, "")
	}
	claim := func(d *desk, by inbox.Principal, _ inbox.Owner) (inbox.Outcome, error) { return d.Claim(ctx, by, r) }
	switch {
	case before == inbox.HeldByNobody && after == inbox.HeldByMe:
		return map[string]entrance{"claim": claim, "assign": assign, "take over": takeover}
	case before == inbox.HeldByNobody:
		return map[string]entrance{"assign": assign}
	case after == inbox.HeldByMe:
		return map[string]entrance{"take over": takeover, "assign": assign}
	}
	return map[string]entrance{"transfer": transfer, "assign": assign}
}

// toldOf is all that a caller is told of a change, and all that it does.
func toldOf(out inbox.Outcome, err error) string {
	var refusal *inbox.Error
	if errors.As(err, &refusal) {
		return fmt.Sprintf("refused: %s %q permission %q feature %q needs %q hint %q target %q",
			refusal.Code, refusal.Message, refusal.Permission, refusal.Feature, refusal.RequiredPlan, refusal.Hint, refusal.Target)
	}
	if err != nil {
		return "fault: " + err.Error()
	}
	var said []string
	for _, m := range out.Event.Messages {
		said = append(said, m.Body)
	}
	return fmt.Sprintf("%s from %+v to %+v, said %q, warned %v", out.Event.Kind, out.Event.From, out.Event.To, said, out.Warnings)
}

// anyWorkspace draws plan, rules and what the actor may do.
func anyWorkspace(t *rapid.T, d *desk, who inbox.MemberID) {
	ws := &d.world.directory.Workspace
	ws.Plan = rapid.SampledFrom([]inbox.PlanName{"free", "lite", "pro", "total", "enterprise"}).Draw(t, "plan")
	ws.Rules.TransferActor = rapid.SampledFrom([]inbox.TransferActor{inbox.TransferByAssignee, inbox.TransferByManagers, inbox.TransferByAnyone}).Draw(t, "transferActor")
	ws.Rules.TransferToAway = rapid.SampledFrom([]inbox.TransferToAway{inbox.AllowAway, inbox.DenyAway}).Draw(t, "transferToAway")
	ws.Rules.Visibility = rapid.SampledFrom([]inbox.Visibility{inbox.VisibleScoped, inbox.VisibleExclusive, inbox.VisibleOpen}).Draw(t, "visibility")
	ws.Rules.AIWhenAssigned = rapid.SampledFrom([]inbox.AIWhenAssigned{inbox.AIStops, inbox.AIStopsOnClaim, inbox.AIContinues}).Draw(t, "aiWhenAssigned")
	held := []inbox.Permission{}
	for _, kind := range inbox.Kinds() {
		for _, action := range []inbox.PermAction{inbox.PermView, inbox.PermReply, inbox.PermClaim, inbox.PermAssign, inbox.PermTransfer, inbox.PermTakeover} {
			scope := rapid.SampledFrom([]inbox.Scope{inbox.ScopeAll, inbox.ScopeAll, inbox.ScopeAll, inbox.ScopeAll, inbox.ScopeTeam, inbox.ScopeOwn, inbox.ScopeNone}).Draw(t, string(action))
			if scope != inbox.ScopeNone {
				held = append(held, inbox.Permission{Kind: kind, Action: action, Scope: scope})
			}
		}
	}
	ws.CustomRoles = []inbox.CustomRole{{Name: "drawn", Permissions: held}}
	d.member(who, func(m *inbox.Member) { m.Roles = []inbox.RoleName{"drawn"} })
	d.member(mate, func(m *inbox.Member) {
		m.Availability = rapid.SampledFrom([]inbox.Availability{inbox.Online, inbox.Away, inbox.Offline}).Draw(t, "mate is")
	})
}

// Whichever verb would make a change of ownership, it is the same change: allowed
// to the same people, refused in the same words, recorded as the same kind.
// B:O1, B:O2, B:O3, B:O4, B:O5
func TestAChangeIsTheSameThroughEveryVerb(t *testing.T) {
	all := names(states(me))
	seen := map[string]bool{}
	rapid.Check(t, func(rt *rapid.T) {
		state := rapid.SampledFrom(all).Draw(rt, "state")
		to := rapid.SampledFrom([]inbox.Owner{{Member: me}, {Member: mate}, {Member: stranger}, {Member: observer}, {Team: billing}, {Team: sales}, {Member: "nobody"}}).Draw(rt, "to")
		c := states(me)[state]
		before, after := inbox.HeldByNobody, inbox.HeldByOther
		switch {
		case c.Assignee == me:
			before = inbox.HeldByMe
		case c.Owned():
			before = inbox.HeldByOther
		}
		switch {
		case to.Member == me:
			after = inbox.HeldByMe
		case to.Team != "":
			after = inbox.HeldByTeam
		}
		if before == inbox.HeldByMe && after == inbox.HeldByMe {
			rt.Skip("no change")
		}
		first := newDesk(t)
		anyWorkspace(rt, first, me)
		results := map[string]string{}
		for name, enter := range entrances(before, after) {
			d := newDesk(t)
			*d.world.directory = *first.world.directory
			d.put(c)
			results[name] = toldOf(enter(d, asMember(me), to))
		}
		var said []string
		for _, result := range results {
			said = append(said, result)
		}
		if slices.Sort(said); len(slices.Compact(said)) > 1 {
			rt.Fatalf("%q to %+v: %q", state, to, results)
		}
		seen[fmt.Sprint(before, after, said[0][:7])] = true
	})
	if len(seen) < 7 {
		t.Fatalf("too few of the rows were met: %v", seen)
	}
}
