package desk_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// entrance is a verb by which somebody may try to bring a conversation to an owner.
type entrance func(d *world.Inbox, by inbox.Principal, to access.Owner) (desk.Outcome, error)

// entrances are the verbs that make a change, given who owns before and after.
func entrances(before, after access.Holder) map[string]entrance {
	ctx, r := context.Background(), desk.Request{Conversation: "c"}
	assign := func(d *world.Inbox, by inbox.Principal, to access.Owner) (desk.Outcome, error) {
		return d.Desk.Assign(ctx, by, r, to, "")
	}
	transfer := func(d *world.Inbox, by inbox.Principal, to access.Owner) (desk.Outcome, error) {
		return d.Desk.Transfer(ctx, by, r, to, "")
	}
	takeover := func(d *world.Inbox, by inbox.Principal, _ access.Owner) (desk.Outcome, error) {
		return d.Desk.TakeOver(ctx, by, r, nil, "")
	}
	claim := func(d *world.Inbox, by inbox.Principal, _ access.Owner) (desk.Outcome, error) {
		return d.Desk.Claim(ctx, by, r)
	}
	switch {
	case before == access.HeldByNobody && after == access.HeldByMe:
		return map[string]entrance{"claim": claim, "assign": assign, "take over": takeover}
	case before == access.HeldByNobody:
		return map[string]entrance{"assign": assign}
	case after == access.HeldByMe:
		return map[string]entrance{"take over": takeover, "assign": assign}
	}
	return map[string]entrance{"transfer": transfer, "assign": assign}
}

// toldOf is all that a caller is told of a change, and all that it does.
func toldOf(out desk.Outcome, err error) string {
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
func anyWorkspace(t *rapid.T, d *world.Inbox, who workspace.MemberID) {
	ws := &d.World.Roster.Workspace
	ws.Plan = rapid.SampledFrom([]workspace.PlanName{"free", "lite", "pro", "total", "enterprise"}).Draw(t, "plan")
	ws.Rules.TransferActor = rapid.SampledFrom([]workspace.TransferActor{workspace.TransferByAssignee, workspace.TransferByManagers, workspace.TransferByAnyone}).Draw(t, "transferActor")
	ws.Rules.TransferToAway = rapid.SampledFrom([]workspace.TransferToAway{workspace.AllowAway, workspace.DenyAway}).Draw(t, "transferToAway")
	ws.Rules.Visibility = rapid.SampledFrom([]workspace.Visibility{workspace.VisibleScoped, workspace.VisibleExclusive, workspace.VisibleOpen}).Draw(t, "visibility")
	ws.Rules.AIWhenAssigned = rapid.SampledFrom([]workspace.AIWhenAssigned{workspace.AIStops, workspace.AIStopsOnClaim, workspace.AIContinues}).Draw(t, "aiWhenAssigned")
	held := []workspace.Permission{}
	for _, kind := range workspace.Kinds() {
		for _, action := range []workspace.PermAction{workspace.PermView, workspace.PermReply, workspace.PermClaim, workspace.PermAssign, workspace.PermTransfer, workspace.PermTakeover} {
			scope := rapid.SampledFrom([]workspace.Scope{workspace.ScopeAll, workspace.ScopeAll, workspace.ScopeAll, workspace.ScopeAll, workspace.ScopeTeam, workspace.ScopeOwn, workspace.ScopeNone}).Draw(t, string(action))
			if scope != workspace.ScopeNone {
				held = append(held, workspace.Permission{Kind: kind, Action: action, Scope: scope})
			}
		}
	}
	ws.CustomRoles = []workspace.CustomRole{{Name: "drawn", Permissions: held}}
	d.Member(who, func(m *workspace.Member) { m.Roles = []workspace.RoleName{"drawn"} })
	d.Member(world.Mate, func(m *workspace.Member) {
		m.Availability = rapid.SampledFrom([]workspace.Availability{workspace.Online, workspace.Away, workspace.Offline}).Draw(t, "mate is")
	})
}

// Whichever verb would make a change of ownership, it is the same change: allowed
// to the same people, refused in the same words, recorded as the same kind.
// B:O1, B:O2, B:O3, B:O4, B:O5
func TestAChangeIsTheSameThroughEveryVerb(t *testing.T) {
	all := world.Names(world.States(world.Me))
	seen := map[string]bool{}
	rapid.Check(t, func(rt *rapid.T) {
		state := rapid.SampledFrom(all).Draw(rt, "state")
		to := rapid.SampledFrom([]access.Owner{{Member: world.Me}, {Member: world.Mate}, {Member: world.Stranger}, {Member: world.Observer}, {Team: world.Billing}, {Team: world.Sales}, {Member: "nobody"}}).Draw(rt, "to")
		c := world.States(world.Me)[state]
		before, after := access.HeldByNobody, access.HeldByOther
		switch {
		case c.Assignee == world.Me:
			before = access.HeldByMe
		case c.Owned():
			before = access.HeldByOther
		}
		switch {
		case to.Member == world.Me:
			after = access.HeldByMe
		case to.Team != "":
			after = access.HeldByTeam
		}
		if before == access.HeldByMe && after == access.HeldByMe {
			rt.Skip("no change")
		}
		first := world.New(t)
		anyWorkspace(rt, first, world.Me)
		results := map[string]string{}
		for name, enter := range entrances(before, after) {
			d := world.New(t)
			*d.World.Roster = *first.World.Roster
			d.Put(c)
			results[name] = toldOf(enter(d, world.AsMember(world.Me), to))
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
