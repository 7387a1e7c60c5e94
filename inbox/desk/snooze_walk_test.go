package desk_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/contacts"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// done is a verb or a step, done to the conversation that sleeps.
type done func(ctx context.Context, d *world.Inbox, p inbox.Principal) error

// onSleeper has every verb and every step, so that a new one needs a decision in
// asleep.csv.
func onSleeper() map[inbox.Action]done {
	r := desk.Request{Conversation: "c"}
	alone := func(f func(*desk.Service, context.Context, inbox.Principal, desk.Request) (desk.Outcome, error)) done {
		return func(ctx context.Context, d *world.Inbox, p inbox.Principal) error {
			_, err := f(d.Desk, ctx, p, r)
			return err
		}
	}
	send := func(f func(*desk.Messages, context.Context, inbox.Principal, desk.SendRequest) (desk.Sent, error), internal bool) done {
		return func(ctx context.Context, d *world.Inbox, p inbox.Principal) error {
			_, err := f(d.Messages, ctx, p, desk.SendRequest{Conversation: "c", Body: "Hello", Internal: internal})
			return err
		}
	}
	give := func(f func(*desk.Service, context.Context, inbox.Principal, desk.Request, access.Owner, string) (desk.Outcome, error)) done {
		return alone(func(s *desk.Service, ctx context.Context, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return f(s, ctx, p, r, access.Owner{Member: world.Mate}, "")
		})
	}
	// answer answers an offer from before it fell asleep, which that ended.
	answer := func(f func(*desk.Service, context.Context, inbox.Principal, inbox.OfferID, string) (desk.Outcome, error)) done {
		return func(ctx context.Context, d *world.Inbox, p inbox.Principal) error {
			out, err := d.Desk.TransferAs(ctx, world.AsMember(world.Me), r, access.Owner{Member: world.Mate}, "", desk.OfferWish{Offer: world.Ptr(true)})
			if err == nil {
				_, err = d.Desk.Snooze(ctx, world.AsMember(world.Me), r, world.Start().Add(3*time.Hour))
			}
			if err == nil {
				_, err = f(d.Desk, ctx, p, out.Conversation.Offer.ID, "")
			}
			return err
		}
	}
	status := func(to inbox.Status) done {
		return alone(func(s *desk.Service, ctx context.Context, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return s.SetStatus(ctx, p, r, to)
		})
	}
	rules := func(f func(*desk.Queues, context.Context) error) done {
		return func(ctx context.Context, d *world.Inbox, _ inbox.Principal) error { return f(d.Queues, ctx) }
	}
	deadlines := rules((*desk.Queues).QueueLeft)
	reclaim := rules(func(q *desk.Queues, ctx context.Context) error { return q.Reclaim(ctx, world.Home) })
	release := func(from inbox.Offboarding) done {
		return func(ctx context.Context, d *world.Inbox, _ inbox.Principal) error {
			from.Workspace = world.Home
			_, err := d.Desk.Release(ctx, from, "c")
			return err
		}
	}
	read := func(ctx context.Context, d *world.Inbox, p inbox.Principal) error {
		_, err := d.Reader.Conversation(ctx, p, "c")
		return err
	}
	return map[inbox.Action]done{
		inbox.ActionView: read, inbox.ActionMonitor: read,
		inbox.ActionReply: send((*desk.Messages).Send, false), "NOTE": send((*desk.Messages).Send, true),
		"POST": func(ctx context.Context, d *world.Inbox, p inbox.Principal) error {
			_, err := d.Messages.Post(ctx, p, desk.Posting{Conversation: desk.ConversationRef{ID: "c"}, Body: "Hello"})
			return err
		},
		inbox.ActionAssign: give((*desk.Service).Assign), inbox.ActionTransfer: give((*desk.Service).Transfer),
		inbox.ActionClaim: alone((*desk.Service).Claim), inbox.ActionUnassign: alone((*desk.Service).Unassign), inbox.ActionLeave: alone((*desk.Service).Leave),
		inbox.ActionTakeOver: alone(func(s *desk.Service, ctx context.Context, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return s.TakeOver(ctx, p, r, nil, "")
		}),
		inbox.ActionClose: status(inbox.Closed), inbox.ActionReopen: status(inbox.Open), access.StepSetStatus: status(inbox.Unset),
		inbox.ActionHandOff: alone(func(s *desk.Service, ctx context.Context, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return s.RequestHandoff(ctx, p, r, desk.HandoffTarget{})
		}),
		inbox.ActionReopenSend: send((*desk.Messages).ReopenAndReply, false),
		inbox.ActionStartNew: func(ctx context.Context, d *world.Inbox, p inbox.Principal) error {
			_, err := d.Messages.StartNew(ctx, p, "c", "Once more", "")
			return err
		},
		inbox.ActionReturn: alone(func(s *desk.Service, ctx context.Context, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return s.ReturnToAgent(ctx, p, r, "")
		}),
		inbox.ActionSnooze: alone(func(s *desk.Service, ctx context.Context, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return s.Snooze(ctx, p, r, world.Start().Add(3*time.Hour))
		}),
		inbox.ActionWake: alone((*desk.Service).Wake),
		access.StepCreate: func(ctx context.Context, d *world.Inbox, p inbox.Principal) error {
			_, err := d.Intake.StartLivechat(ctx, p, desk.NewConversation{Contact: contacts.NewContact{Name: "Ada"}})
			return err
		},
		access.StepUndo: func(ctx context.Context, d *world.Inbox, p inbox.Principal) error {
			out, err := d.Desk.Snooze(ctx, p, r, world.Start().Add(2*time.Hour))
			if err == nil {
				_, err = d.Desk.Undo(ctx, p, out.Event.ID, "")
			}
			return err
		},
		access.StepAutoAssign: rules(func(q *desk.Queues, ctx context.Context) error {
			_, err := q.Drain(ctx, world.Home, inbox.Queue{Kind: workspace.Livechat})
			return err
		}),
		access.StepQueueAgain: deadlines,
		access.StepWake: func(ctx context.Context, d *world.Inbox, p inbox.Principal) error {
			d.Pass(time.Hour)
			return deadlines(ctx, d, p)
		},
		access.StepCloseIdle: func(ctx context.Context, d *world.Inbox, _ inbox.Principal) error {
			d.Rules(func(r *workspace.Rules) { r.CloseIdleAfter = time.Second })
			return d.Queues.CloseIdle(ctx)
		},
		access.StepReclaim: reclaim, access.StepReportUnanswered: reclaim,
		access.StepReclaimOffline: func(ctx context.Context, d *world.Inbox, p inbox.Principal) error {
			d.Member(world.Me, func(m *workspace.Member) { m.Availability = workspace.Offline })
			return reclaim(ctx, d, p)
		},
		access.StepGiveBack: send((*desk.Messages).Send, false),
		access.StepReleaseFromMember: func(ctx context.Context, d *world.Inbox, p inbox.Principal) error {
			d.Member(world.Me, func(m *workspace.Member) { m.Removed = true })
			return release(inbox.Offboarding{Member: world.Me})(ctx, d, p)
		},
		access.StepReleaseFromTeam: func(ctx context.Context, d *world.Inbox, p inbox.Principal) error {
			team := d.Roster.Teams[world.Billing]
			team.Removed = true
			d.Roster.Teams[world.Billing] = team
			return release(inbox.Offboarding{Team: world.Billing})(ctx, d, p)
		},
		access.StepReleaseFromAgent: release(inbox.Offboarding{Agent: world.Bot}),
		access.StepOffer: alone(func(s *desk.Service, ctx context.Context, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return s.TransferAs(ctx, p, r, access.Owner{Member: world.Mate}, "", desk.OfferWish{Offer: world.Ptr(true)})
		}),
		inbox.ActionAccept: answer((*desk.Service).AcceptOffer), inbox.ActionWithdraw: answer((*desk.Service).WithdrawOffer),
		inbox.ActionDecline: answer(func(s *desk.Service, ctx context.Context, p inbox.Principal, id inbox.OfferID, key string) (desk.Outcome, error) {
			return s.DeclineOffer(ctx, p, id, desk.Declining{Key: key})
		}),
		access.StepExpireOffer: rules(func(q *desk.Queues, ctx context.Context) error {
			_, err := q.ExpireOffers(ctx)
			return err
		}),
		access.StepEndOffer: rules(func(q *desk.Queues, ctx context.Context) error { return q.CheckOffers(ctx, world.Home) }),
	}
}

// Each verb and each step has a result on a sleeper, and it is the one of asleep.csv.
func TestEveryVerbOnASleeper(t *testing.T) {
	callers := map[string]inbox.Principal{
		"me": world.AsMember(world.Me), "mate": world.AsMember(world.Mate), "manager": world.AsMember(world.Manager), "contact": world.AsContact("c"),
		"bot": world.AsAgent(world.Bot), "partner": world.AsPartner(), "system": world.AsSystem(),
	}
	all, seen := onSleeper(), map[inbox.Action]bool{}
	for _, row := range world.ReadTable(t, "asleep.csv") {
		action, by := inbox.Action(row.Get(t, "verb")), row.Get(t, "by")
		seen[action] = true
		t.Run(string(action)+" by "+by, func(t *testing.T) {
			require.Contains(t, all, action)
			d := world.New(t)
			d.Rules(func(r *workspace.Rules) {
				r.ReclaimAfter, r.ReclaimOffline = time.Second, workspace.ReclaimOfflineAfterGrace
			})
			c := asleep(world.Start().Add(time.Hour))
			if action == access.StepReclaim || action == access.StepReclaimOffline || action == access.StepReportUnanswered {
				c.AwaitingReplySince = world.Start().Add(-time.Hour)
			}
			d.Put(c)
			err := all[action](t.Context(), d, callers[by])
			after := d.Stored(t, "c")
			require.Equal(t, row.Get(t, "result"), resultOf(d, err), row)
			owner := map[workspace.MemberID]string{world.Me: "me", world.Mate: "mate", "": "-"}[after.Assignee]
			require.Equal(t, row.Get(t, "owner"), owner, row)
			require.Equal(t, row.Get(t, "sleeps") == "yes", after.Asleep(), row)
			counted := after.Status != inbox.Closed && !after.Asleep() && after.Assignee == world.Me
			require.Equal(t, counted, after.CountsFor() == world.Me)
		})
	}
	for action := range all {
		require.True(t, seen[action], "%s is in no row", action)
	}
	for _, v := range access.Verbs() {
		require.Contains(t, all, v.Action)
	}
	for _, v := range access.Steps() {
		require.Contains(t, all, v.Action)
	}
}

// resultOf is the code of the refusal, or the kind of the last change of ownership.
func resultOf(d *world.Inbox, err error) string {
	if code := inbox.CodeOf(err); code != "" {
		return string(code)
	}
	recorded := d.Recorded()
	if len(recorded) == 0 || recorded[len(recorded)-1].Kind == "" {
		return "-"
	}
	return string(recorded[len(recorded)-1].Kind)
}
