package desk_test

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/admin"
	"switchboard/inbox/commit"
	"switchboard/inbox/desk"
	"switchboard/inbox/notify"
	"switchboard/inbox/services"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// bulkVerbs are the verbs of a call, each with the single verb that it runs.
func bulkVerbs() map[string]struct {
	verb   desk.BulkVerb
	note   string
	single func(*testing.T, *desk.Service, inbox.Principal, desk.Request) (desk.Outcome, error)
} {
	type row = struct {
		verb   desk.BulkVerb
		note   string
		single func(*testing.T, *desk.Service, inbox.Principal, desk.Request) (desk.Outcome, error)
	}
	out := map[string]row{
		"close": {desk.BulkVerb{Action: inbox.ActionClose}, "Done", func(t *testing.T, s *desk.Service, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return s.Close(t.Context(), p, r, desk.Closing{Note: "Done"})
		}},
		"unassign": {desk.BulkVerb{Action: inbox.ActionUnassign}, "", func(t *testing.T, s *desk.Service, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return s.Unassign(t.Context(), p, r)
		}},
	}
	for name, to := range map[string]access.Owner{
		"me": {Member: world.Me}, "a mate": {Member: world.Mate}, "an observer": {Member: world.Observer}, "nobody": {Member: "made-up"},
		"an AI agent": {Agent: world.Bot}, "my team": {Team: world.Billing}, "a made-up team": {Team: "made-up"},
	} {
		out["assign to "+name] = row{desk.BulkVerb{Action: inbox.ActionAssign, To: to}, "Please", func(t *testing.T, s *desk.Service, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return s.Assign(t.Context(), p, r, to, "Please")
		}}
		out["transfer to "+name] = row{desk.BulkVerb{Action: inbox.ActionTransfer, To: to}, "", func(t *testing.T, s *desk.Service, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return s.Transfer(t.Context(), p, r, to, "")
		}}
	}
	return out
}

// singular takes out of an outcome what only a call leaves there.
func singular(o desk.Outcome) desk.Outcome {
	o.Event.Bulk, o.Event.From.AnnouncedBy, o.Event.To.AnnouncedBy, o.Conversation.AnnouncedBy = "", "", "", ""
	o.Event.ID, o.Event.After, o.Event.Messages = "", nil, nil // ids that were made anew
	o.Conversation.LastMessage = nil
	return o
}

// Each verb of a call, in each state, by everybody and on every plan and version, ends as
// the single verb ends; and a dry run says so and writes nothing. B:G1
func TestBulkIsTheSingleVerb(t *testing.T) {
	callers := []inbox.Principal{
		world.AsMember(world.Me), world.AsMember(world.Senior), world.AsMember(world.Manager), world.AsMember(world.Observer),
		world.AsMember(world.Stranger), world.AsAgent(world.Bot),
	}
	stale := world.Ptr(2)
	for name, row := range bulkVerbs() {
		t.Run(name, func(t *testing.T) {
			for state := range world.States(world.Me) {
				for _, by := range callers {
					for _, plan := range []workspace.PlanName{"enterprise", "free"} {
						for _, version := range []*int{nil, stale} {
							at := fmt.Sprint(state, " by ", by.Actor.ID, " on ", plan, " at ", version != nil)
							fresh := func() (*world.Inbox, desk.Request) {
								d := world.New(t)
								d.Roster.Workspace.Plan = plan
								r := d.Begin(t, state)
								r.ExpectedVersion = version
								return d, r
							}
							d, r := fresh()
							want, refusal := row.single(t, d.Desk, by, r)
							item := desk.BulkItem{Conversation: r.Conversation, ExpectedVersion: version}
							call := desk.BulkRequest{Items: []desk.BulkItem{item}, Verb: row.verb, Note: row.note}
							d, _ = fresh()
							before, call2 := d.Stored(t, "c"), call
							call2.DryRun = true
							dry, err := d.Bulk.Act(t.Context(), by, call2)
							require.NoError(t, err, at)
							require.Equal(t, before, d.Stored(t, "c"), at)
							require.Zero(t, d.Commits, at)
							got, err := d.Bulk.Act(t.Context(), by, call)
							require.NoError(t, err, at)
							one := got.Results[0]
							require.Equal(t, refusal, one.Refusal, at)
							require.Equal(t, refusal, dry.Results[0].Refusal, at)
							require.Equal(t, one.Outcome, dry.Results[0].Outcome, at)
							if refusal == nil {
								require.Equal(t, singular(want), singular(one.Done), at)
								require.Equal(t, got.ID, one.Done.Event.Bulk, at)
								require.Equal(t, before, dry.Results[0].Done.Conversation, at)
								require.Contains(t, []desk.BulkOutcome{desk.BulkDone, desk.BulkQueued}, one.Outcome, at)
							} else {
								require.Contains(t, []desk.BulkOutcome{desk.BulkRefused, desk.BulkUnchanged}, one.Outcome, at)
							}
						}
					}
				}
			}
		})
	}
}

// An offer to a team in which nobody can be asked ends at once: rule offerExhausted says
// whether the conversation waits. B:G1, B:T6
func TestBulkOffersToNobody(t *testing.T) {
	for rule, want := range map[workspace.OfferExhausted]desk.BulkOutcome{workspace.OfferToTeamQueue: desk.BulkQueued, workspace.OfferReturnsToSender: desk.BulkUnchanged} {
		d := offerDesk(t, func(r *workspace.Rules) { r.OfferExhausted = rule })
		d.Alone(world.Me)
		items := crowd(d, 1, world.Me)
		call := desk.BulkRequest{Items: items, Verb: desk.BulkVerb{Action: inbox.ActionTransfer, To: access.Owner{Team: world.Billing}}}
		for _, dry := range []bool{true, false} {
			call.DryRun = dry
			got, err := d.Bulk.Act(t.Context(), world.AsMember(world.Me), call)
			require.NoError(t, err)
			require.Equal(t, want, got.Results[0].Outcome, "%s %v %v", rule, dry, got.Results[0].Refusal)
		}
	}
}

// A call hides no warning that its verb gives alone, foreseen or done, and says DONE of
// nothing that stayed as it was. B:G1
func TestBulkHidesNoWarning(t *testing.T) {
	offered := func(r *workspace.Rules) { r.TransferAcceptance = workspace.TransferOffered }
	to := func(action inbox.Action, to access.Owner) desk.BulkVerb { return desk.BulkVerb{Action: action, To: to} }
	mate, billing := access.Owner{Member: world.Mate}, access.Owner{Team: world.Billing}
	gone := func(a workspace.Availability) func(*world.Inbox) {
		return func(d *world.Inbox) { d.Member(world.Mate, func(m *workspace.Member) { m.Availability = a }) }
	}
	alone := func(d *world.Inbox) { d.Alone(world.Me) }
	full := func(d *world.Inbox) {
		d.Rules(func(r *workspace.Rules) { r.MaxAutoAssigned = 1 })
		for _, m := range []workspace.MemberID{world.Me, world.Mate, world.Senior, world.Manager} {
			d.Busy(m, 3)
		}
	}
	both := func(all ...func(*world.Inbox)) func(*world.Inbox) {
		return func(d *world.Inbox) {
			for _, f := range all {
				f(d)
			}
		}
	}
	rules := func(edit func(*workspace.Rules)) func(*world.Inbox) {
		return func(d *world.Inbox) { d.Rules(edit) }
	}
	plan := func(name workspace.PlanName) func(*world.Inbox) {
		return func(d *world.Inbox) { d.Roster.Workspace.Plan = name }
	}
	pool := rules(func(r *workspace.Rules) { r.TeamTarget = workspace.TeamTargetPool })
	seen := map[inbox.Warning]bool{}
	for name, row := range map[string]struct {
		given func(*world.Inbox)
		state string
		verb  desk.BulkVerb
		want  inbox.Warning
		ends  desk.BulkOutcome
	}{
		"to an away member":          {gone(workspace.Away), "chat: mine", to(inbox.ActionTransfer, mate), inbox.WarnTargetAway, desk.BulkDone},
		"to an absent member":        {gone(workspace.Offline), "chat: mine", to(inbox.ActionTransfer, mate), inbox.WarnTargetOffline, desk.BulkDone},
		"assigned to an absent one":  {gone(workspace.Offline), "chat: AI answers", to(inbox.ActionAssign, mate), inbox.WarnTargetOffline, desk.BulkDone},
		"offered to an away member":  {both(gone(workspace.Away), rules(offered)), "chat: mine", to(inbox.ActionTransfer, mate), inbox.WarnTargetAway, desk.BulkOffered},
		"to an absent team":          {alone, "chat: mine", to(inbox.ActionTransfer, billing), inbox.WarnTeamAbsent, desk.BulkQueued},
		"assigned to an absent team": {func(d *world.Inbox) { d.Alone() }, "chat: AI answers", to(inbox.ActionAssign, billing), inbox.WarnTeamAbsent, desk.BulkQueued},
		"offered to an absent team":  {both(alone, rules(offered)), "chat: mine", to(inbox.ActionTransfer, billing), inbox.WarnTeamAbsent, desk.BulkUnchanged},
		"assigned by an offer":       {both(alone, rules(offered)), "chat: mine", to(inbox.ActionAssign, billing), inbox.WarnTeamAbsent, desk.BulkUnchanged},
		"offered to an absent pool":  {both(alone, rules(offered), pool), "chat: mine", to(inbox.ActionTransfer, billing), inbox.WarnTeamAbsent, desk.BulkUnchanged},
		"to a full team":             {full, "chat: mine", to(inbox.ActionTransfer, billing), inbox.WarnTeamFull, desk.BulkQueued},
		"offered to a full team":     {both(full, rules(offered)), "chat: mine", to(inbox.ActionTransfer, billing), inbox.WarnTeamFull, desk.BulkUnchanged},
		"the method is above": {both(plan("lite"), rules(func(r *workspace.Rules) { r.Method = workspace.RoundRobin })), "chat: mine",
			to(inbox.ActionTransfer, billing), inbox.WarnMethodAbovePlan, desk.BulkDone},
		"offers are above": {both(plan("lite"), rules(offered)), "chat: mine", to(inbox.ActionTransfer, mate), inbox.WarnAcceptanceAbovePlan, desk.BulkDone},
	} {
		t.Run(name, func(t *testing.T) {
			fresh := func() (*world.Inbox, desk.Request) {
				d := world.New(t)
				row.given(d)
				return d, d.Begin(t, row.state)
			}
			d, r := fresh()
			by := world.AsMember(world.Manager)
			if row.state == "chat: mine" {
				by = world.AsMember(world.Me)
			}
			single := d.Desk.Transfer
			if row.verb.Action == inbox.ActionAssign {
				single = d.Desk.Assign
			}
			want, err := single(t.Context(), by, r, row.verb.To, "")
			require.NoError(t, err)
			require.Contains(t, want.Warnings, row.want)
			seen[row.want] = true
			d, _ = fresh()
			for _, dry := range []bool{true, false} {
				call := desk.BulkRequest{Items: []desk.BulkItem{{Conversation: r.Conversation}}, Verb: row.verb, DryRun: dry}
				got, err := d.Bulk.Act(t.Context(), by, call)
				require.NoError(t, err)
				require.Equal(t, want.Warnings, got.Results[0].Done.Warnings, "dry: %v", dry)
				require.Equal(t, row.ends, got.Results[0].Outcome, "dry: %v", dry)
			}
			stayed := want.Event.From.Assignee != "" && want.Event.From.Assignee == want.Event.To.Assignee
			require.Equal(t, stayed, row.ends == desk.BulkUnchanged || row.ends == desk.BulkOffered)
		})
	}
	elsewhere := map[inbox.Warning]string{
		inbox.WarnReclaimAbovePlan: "of the workspace", inbox.WarnNotInEffect: "of the workspace",
		inbox.WarnExists: "of createTicket", inbox.WarnContactUpdated: "of a new conversation", inbox.WarnContactKept: "of a new conversation",
		inbox.WarnWebhookDisabled: "of the workspace", inbox.WarnWebhookFailing: "of the workspace", inbox.WarnWebhookParked: "of the workspace",
	}
	for _, w := range declaredWarnings(t) {
		require.NotEqual(t, seen[w], elsewhere[w] != "", "%s has no row, or one too many", w)
	}
}

// declaredWarnings are the constants of warnings.go.
func declaredWarnings(t *testing.T) (out []inbox.Warning) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", "warnings.go"), nil, 0)
	require.NoError(t, err)
	ast.Inspect(file, func(n ast.Node) bool {
		if text, ok := n.(*ast.BasicLit); ok && text.Kind == token.STRING {
			value, err := strconv.Unquote(text.Value)
			require.NoError(t, err)
			out = append(out, inbox.Warning(value))
		}
		return true
	})
	require.NotEmpty(t, out)
	return out
}

// crowd puts n chats of a member and returns the items.
func crowd(d *world.Inbox, n int, owner workspace.MemberID) (items []desk.BulkItem) {
	for i := range n {
		c := world.Queued(world.NewConversation(workspace.Livechat), "")
		if owner != "" {
			c = world.Owned(world.NewConversation(workspace.Livechat), owner, "")
		}
		c.ID = inbox.ConversationID(fmt.Sprintf("c%03d", i))
		d.Put(c)
		items = append(items, desk.BulkItem{Conversation: c.ID})
	}
	return items
}

func outcomes(a desk.BulkAnswer) (out []desk.BulkOutcome) {
	for _, r := range a.Results {
		out = append(out, r.Outcome)
	}
	return out
}

// A team's method fills its members up to the cap, in the order of the items, and what is
// left waits; a dry run foresees each. B:G1, B:Q6
func TestBulkToATeam(t *testing.T) {
	for _, method := range []workspace.Method{workspace.Balanced, workspace.RoundRobin, workspace.Random, workspace.Voluntary} {
		t.Run(string(method), func(t *testing.T) {
			d := world.New(t)
			d.Rules(func(r *workspace.Rules) { r.Method, r.MaxAutoAssigned = method, 3 })
			items := crowd(d, 30, "")
			call := desk.BulkRequest{Items: items, Verb: desk.BulkVerb{Action: inbox.ActionAssign, To: access.Owner{Team: world.Billing}}, DryRun: true}
			before := d.Sorted()
			dry, err := d.Bulk.Act(t.Context(), world.AsMember(world.Manager), call)
			require.NoError(t, err)
			require.Equal(t, before, d.Sorted())
			require.Empty(t, d.Recorded())
			require.Empty(t, dry.ID)
			call.DryRun = false
			got, err := d.Bulk.Act(t.Context(), world.AsMember(world.Manager), call)
			require.NoError(t, err)
			require.Equal(t, outcomes(dry), outcomes(got))
			want := 12 // of four who may answer
			if method == workspace.Voluntary {
				want = 0
			}
			require.Len(t, slices.DeleteFunc(outcomes(got), func(o desk.BulkOutcome) bool { return o != desk.BulkDone }), want)
			owned := map[workspace.MemberID]int{}
			for _, c := range d.Sorted() {
				owned[c.Assignee]++
			}
			for id, n := range owned {
				require.True(t, id == "" || n <= 3, "%s has %d", id, n)
			}
		})
	}
}

// Conversations are spread by what each member has already, and nobody gets their own
// back. No cap bounds it. B:G1, B:Q10
func TestBulkSpreads(t *testing.T) {
	d := world.New(t)
	d.Rules(func(r *workspace.Rules) { r.MaxAutoAssigned = 1 })
	d.Busy(world.Senior, 4)
	items := crowd(d, 11, world.Me)
	verb := desk.BulkVerb{Action: inbox.ActionTransfer, SpreadOver: []workspace.MemberID{world.Me, world.Mate, world.Senior, world.Observer}}
	got, err := d.Bulk.Act(t.Context(), world.AsMember(world.Me), desk.BulkRequest{Items: items, Verb: verb})
	require.NoError(t, err)
	given := map[workspace.MemberID]int{}
	for _, r := range got.Results {
		require.Equal(t, desk.BulkDone, r.Outcome)
		given[r.Done.Conversation.Assignee]++
	}
	require.Equal(t, map[workspace.MemberID]int{world.Mate: 8, world.Senior: 3}, given, "12 and 11 with what they had, but none above another by more than one")
}

// A call that was cut is finished by the same key: each conversation changes once, with
// one event, and the events of the first call are those of the second. B:G1
func TestBulkIsFinishedByItsKey(t *testing.T) {
	for _, view := range []bool{false, true} {
		t.Run(fmt.Sprint("view ", view), func(t *testing.T) {
			d := world.New(t)
			items := crowd(d, 40, world.Me)
			call := desk.BulkRequest{Items: items, Verb: desk.BulkVerb{Action: inbox.ActionTransfer, To: access.Owner{Member: world.Mate}}, Key: "shift"}
			if view {
				call.Items, call.View, call.Order = nil, &access.View{List: access.ListMine}, access.Order{Field: access.ByCreated}
			}
			first := cutAfter(t, d, call, 9)
			require.Contains(t, outcomes(first), desk.BulkNotTried)
			second, err := d.Bulk.Act(t.Context(), world.AsMember(world.Me), call)
			require.NoError(t, err)
			require.Equal(t, first.ID, second.ID)
			events := map[inbox.ConversationID]inbox.EventID{}
			for _, r := range second.Results {
				require.Equal(t, desk.BulkDone, r.Outcome, "%v", r.Refusal)
				events[r.Conversation] = r.Done.Event.ID
			}
			require.Len(t, events, 40)
			for _, r := range first.Results {
				if r.Outcome == desk.BulkDone {
					require.Equal(t, r.Done.Event.ID, events[r.Conversation])
				}
			}
			require.Len(t, d.Recorded(), 40)
			third, err := d.Bulk.Act(t.Context(), world.AsMember(world.Me), call)
			require.NoError(t, err)
			require.Len(t, third.Results, 40)
			require.Len(t, d.Recorded(), 40, "and again, nothing happens")

			told, err := d.Notify.Notifications(t.Context(), world.AsMember(world.Mate), false, inbox.PageRequest{})
			require.NoError(t, err)
			require.Len(t, told.Items, 1, "one notification for all")
			require.Equal(t, 40, told.Items[0].Notification.Count)
			require.Equal(t, inbox.NotifyTransferred, told.Items[0].Notification.Kind)

			call.Verb.To = access.Owner{Member: world.Senior}
			other, err := d.Bulk.Act(t.Context(), world.AsMember(world.Me), call)
			require.NoError(t, err)
			for _, r := range other.Results {
				world.Refused(t, r.Refusal, inbox.InvalidInput)
			}
		})
	}
}

// cutAfter cancels a call once n commits were made.
func cutAfter(t *testing.T, d *world.Inbox, call desk.BulkRequest, n int) desk.BulkAnswer {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	d.Judge = func(commit.Change, *workspace.Directory) {
		if n--; n == 0 {
			cancel()
		}
	}
	answer, err := d.Bulk.Act(ctx, world.AsMember(world.Me), call)
	require.NoError(t, err)
	d.Judge = nil
	return answer
}

// Whoever is told of many is told once, and what can be claimed is counted until the last
// of it is claimed. B:G1
func TestBulkTellsOnce(t *testing.T) {
	d := world.New(t)
	items := crowd(d, 12, world.Mate)
	_, err := d.Bulk.Act(t.Context(), world.AsMember(world.Manager), desk.BulkRequest{Items: items, Verb: desk.BulkVerb{Action: inbox.ActionUnassign}})
	require.NoError(t, err)
	list := func(id workspace.MemberID) (out []notify.NotificationView) {
		page, err := d.Notify.Notifications(t.Context(), world.AsMember(id), false, inbox.PageRequest{})
		require.NoError(t, err)
		return page.Items
	}
	lost := list(world.Mate)
	require.Len(t, lost, 2, "that they are gone, and that they are there to be claimed")
	require.Empty(t, list(world.Manager), "not of one's own act")
	up := list(world.Me)
	require.Len(t, up, 1)
	require.Equal(t, inbox.NotifyUpForGrabs, up[0].Notification.Kind)
	for i, item := range items {
		require.Equal(t, 12-i, list(world.Me)[0].Notification.Count)
		_, err := d.Desk.Claim(t.Context(), world.AsMember(world.Senior), desk.Request{Conversation: item.Conversation})
		require.NoError(t, err)
	}
	require.Empty(t, list(world.Me), "gone with the last")
}

// The offers of a call are one notification for each who is asked, and for each team: with all
// that still ask, until the last is answered. A single transfer has its own. B:G1, B:T6
func TestBulkOffersTellOnce(t *testing.T) {
	for name, row := range map[string]struct {
		verb desk.BulkVerb
		pool bool
		want map[workspace.MemberID]int
	}{
		"to a member": {desk.BulkVerb{Action: inbox.ActionTransfer, To: access.Owner{Member: world.Mate}}, false, map[workspace.MemberID]int{world.Mate: 6}},
		"by a method": {desk.BulkVerb{Action: inbox.ActionAssign, To: access.Owner{Team: world.Billing}}, false, map[workspace.MemberID]int{world.Mate: 3, world.Senior: 3}},
		"spread":      {desk.BulkVerb{Action: inbox.ActionTransfer, SpreadOver: []workspace.MemberID{world.Mate, world.Senior}}, false, map[workspace.MemberID]int{world.Mate: 3, world.Senior: 3}},
		"to a pool":   {desk.BulkVerb{Action: inbox.ActionTransfer, To: access.Owner{Team: world.Billing}}, true, map[workspace.MemberID]int{world.Mate: 6, world.Senior: 6}},
	} {
		t.Run(name, func(t *testing.T) {
			d := offerDesk(t, func(r *workspace.Rules) {
				if row.pool {
					r.TeamTarget = workspace.TeamTargetPool
				}
			})
			d.Alone(world.Me, world.Mate, world.Senior)
			items := crowd(d, 6, world.Me)
			got, err := d.Bulk.Act(t.Context(), world.AsMember(world.Me), desk.BulkRequest{Items: items, Verb: row.verb})
			require.NoError(t, err)
			counts := func() map[workspace.MemberID]int {
				out := map[workspace.MemberID]int{}
				for _, id := range []workspace.MemberID{world.Me, world.Mate, world.Senior} {
					page, err := d.Notify.Notifications(t.Context(), world.AsMember(id), false, inbox.PageRequest{})
					require.NoError(t, err)
					for _, n := range page.Items {
						if n.Notification.Kind == inbox.NotifyOffered || n.Notification.Kind == inbox.NotifyOfferedToTeam {
							require.Zero(t, out[id], "one for all")
							require.Equal(t, got.ID, n.Notification.Bulk)
							out[id] = n.Notification.Count
						}
					}
				}
				return out
			}
			require.Equal(t, row.want, counts())
			for _, one := range got.Results {
				o := one.Done.Conversation.Offer
				by := o.Member
				if by == "" {
					by = world.Mate
				}
				_, err := d.Desk.AcceptOffer(t.Context(), world.AsMember(by), o.ID, "")
				require.NoError(t, err)
				for id, n := range row.want {
					if row.pool || id == by {
						row.want[id] = n - 1
					}
				}
				maps.DeleteFunc(row.want, func(_ workspace.MemberID, n int) bool { return n == 0 })
				require.Equal(t, row.want, counts())
			}
			require.Empty(t, counts(), "gone with the last")
		})
	}
}

// What contradicts itself is refused before anything is begun. B:G1
func TestBulkArguments(t *testing.T) {
	d := world.New(t)
	items := crowd(d, 3, world.Me)
	many := make([]desk.BulkItem, desk.MaxBulk+1)
	for i := range many {
		many[i] = desk.BulkItem{Conversation: inbox.ConversationID(fmt.Sprint(i))}
	}
	closing := desk.BulkVerb{Action: inbox.ActionClose}
	spread := func(ids ...workspace.MemberID) desk.BulkVerb {
		return desk.BulkVerb{Action: inbox.ActionAssign, SpreadOver: append([]workspace.MemberID{}, ids...)}
	}
	for name, row := range map[string]struct {
		call desk.BulkRequest
		code inbox.Code
	}{
		"none":                {desk.BulkRequest{Verb: closing}, inbox.InvalidInput},
		"too many":            {desk.BulkRequest{Items: many, Verb: closing}, inbox.InvalidInput},
		"one twice":           {desk.BulkRequest{Items: append(slices.Clone(items), items[0]), Verb: closing}, inbox.InvalidInput},
		"a note to unassign":  {desk.BulkRequest{Items: items, Verb: desk.BulkVerb{Action: inbox.ActionUnassign}, Note: "x"}, inbox.InvalidInput},
		"a long note":         {desk.BulkRequest{Items: items, Verb: closing, Note: world.Long(inbox.MaxNote + 1)}, inbox.InvalidInput},
		"a blank key":         {desk.BulkRequest{Items: items, Verb: closing, Key: " "}, inbox.InvalidInput},
		"over nobody":         {desk.BulkRequest{Items: items, Verb: spread()}, inbox.InvalidInput},
		"over somebody twice": {desk.BulkRequest{Items: items, Verb: spread(world.Me, world.Me)}, inbox.InvalidInput},
		"over a stranger":     {desk.BulkRequest{Items: items, Verb: spread(world.Me, "made-up")}, inbox.TargetNotPermitted},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := d.Bulk.Act(t.Context(), world.AsMember(world.Me), row.call)
			world.Refused(t, err, row.code)
			require.Empty(t, d.Recorded())
		})
	}
}

// A call begins nothing more after its time, when the server stops, and when all fails;
// what it began is finished. B:G1
func TestBulkEnds(t *testing.T) {
	for name, end := range map[string]func(d *world.Inbox, stop func()){
		"late": func(*world.Inbox, func()) {},
		"stopping": func(d *world.Inbox, stop func()) {
			d.Judge = func(commit.Change, *workspace.Directory) { stop() }
		},
		"failing": func(d *world.Inbox, _ func()) {
			for range 60 {
				d.Refuse = append(d.Refuse, errors.New("broken"))
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				stopping := make(chan struct{})
				d := world.New(t)
				items := crowd(d, 60, world.Me)
				d.Services = d.Serve(d.Memory, func(c *services.Config) {
					c.Stopping = stopping
					c.Now = func() time.Time { time.Sleep(4 * time.Second); return d.Clock() } // a slow machine
				})
				end(d, sync.OnceFunc(func() { close(stopping) }))
				begun := time.Now()
				got, err := d.Bulk.Act(t.Context(), world.AsMember(world.Me), desk.BulkRequest{Items: items, Verb: desk.BulkVerb{Action: inbox.ActionClose}})
				require.NoError(t, err)
				require.Less(t, time.Since(begun), 60*time.Second)
				var done, left int
				for _, r := range got.Results {
					switch r.Outcome {
					case desk.BulkDone:
						done++
					case desk.BulkNotTried:
						left++
					default:
						t.Fatal(r.Outcome, r.Refusal)
					}
				}
				require.Len(t, d.Recorded(), done)
				require.NotZero(t, left)
				require.True(t, name == "failing" || done > 0)
			})
		})
	}
}

// Two calls of a workspace run, eight wait behind them, and the next is told to come back.
func TestBulkTakesTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := world.New(t)
		items := crowd(d, 11, world.Me)
		var running, most int
		var mu sync.Mutex
		count := func(n int) {
			mu.Lock()
			defer mu.Unlock()
			running += n
			most = max(most, running)
		}
		services := d.Serve(d.Memory, func(c *services.Config) {
			c.Now = func() time.Time {
				count(1)
				time.Sleep(time.Second)
				count(-1)
				return d.Clock()
			}
		})
		var refused, done int
		var all sync.WaitGroup
		for _, item := range items {
			all.Go(func() {
				_, err := services.Bulk.Act(t.Context(), world.AsMember(world.Me), desk.BulkRequest{Items: []desk.BulkItem{item}, Verb: desk.BulkVerb{Action: inbox.ActionClose}})
				mu.Lock()
				defer mu.Unlock()
				if inbox.CodeOf(err) == inbox.Unavailable {
					refused++
				} else if err == nil {
					done++
				}
			})
		}
		all.Wait()
		require.Equal(t, 1, refused)
		require.Equal(t, 10, done)
		require.Equal(t, 2, most)
	})
}

// The reason code of a call is that of each single verb: recorded where it belongs, and
// refused for each conversation where it does not, or where one is required.
func TestBulkReasons(t *testing.T) {
	d := world.New(t)
	code, err := d.Admin.CreateReasonCode(t.Context(), world.AsMember(world.Owner), admin.NewReasonCode{Name: "End of shift", Usage: workspace.ReasonTransfer})
	require.NoError(t, err)
	r := d.Begin(t, "chat: mine")
	call := desk.BulkRequest{
		Items: []desk.BulkItem{{Conversation: r.Conversation}}, Verb: desk.BulkVerb{Action: inbox.ActionTransfer, To: access.Owner{Member: world.Mate}},
	}
	call.ReasonCode = "made-up"
	got, err := d.Bulk.Act(t.Context(), world.AsMember(world.Me), call)
	require.NoError(t, err)
	require.Equal(t, inbox.NotFound, inbox.CodeOf(got.Results[0].Refusal))
	call.ReasonCode = code.ID
	got, err = d.Bulk.Act(t.Context(), world.AsMember(world.Me), call)
	require.NoError(t, err)
	require.Equal(t, desk.BulkDone, got.Results[0].Outcome, got.Results[0].Refusal)
	require.Equal(t, code.ID, got.Results[0].Done.Event.ReasonCode)
}

// What a member passed on is in nobody's way: the next conversation of the call may go to
// that member, as a dry run foresees. B:G1
func TestBulkBehindWhatWasPassedOn(t *testing.T) {
	for _, acceptance := range []workspace.TransferAcceptance{workspace.TransferImmediate, workspace.TransferOffered} {
		d := world.New(t)
		d.Alone(world.Mate)
		d.Rules(func(r *workspace.Rules) {
			r.TransferActor, r.TransferAcceptance, r.OfferExhausted = workspace.TransferByAnyone, acceptance, workspace.OfferToTeamQueue
		})
		items := append(crowd(d, 1, world.Mate), desk.BulkItem{Conversation: d.Begin(t, "chat: mine").Conversation})
		call := desk.BulkRequest{Items: items, Verb: desk.BulkVerb{Action: inbox.ActionTransfer, To: access.Owner{Team: world.Billing}}, DryRun: true}
		dry, err := d.Bulk.Act(t.Context(), world.AsMember(world.Manager), call)
		require.NoError(t, err)
		call.DryRun = false
		got, err := d.Bulk.Act(t.Context(), world.AsMember(world.Manager), call)
		require.NoError(t, err)
		require.Equal(t, desk.BulkQueued, got.Results[0].Outcome, got.Results[0].Refusal)
		require.NotEqual(t, desk.BulkQueued, got.Results[1].Outcome)
		require.Equal(t, outcomes(got), outcomes(dry))
	}
}
