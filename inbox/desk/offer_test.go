package desk_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// offerDesk is a desk on which transfers are offered.
func offerDesk(t *testing.T, edit ...func(*workspace.Rules)) *world.Inbox {
	t.Helper()
	d := world.New(t)
	d.Rules(func(r *workspace.Rules) { r.TransferAcceptance = workspace.TransferOffered })
	for _, e := range edit {
		d.Rules(e)
	}
	return d
}

func offerTo(t *testing.T, d *world.Inbox, to access.Owner) desk.Outcome {
	t.Helper()
	out, err := d.Desk.Transfer(t.Context(), world.AsMember(world.Me), d.Begin(t, "chat: mine"), to, "for you")
	require.NoError(t, err)
	return out
}

// Until it is accepted everything is the sender's, and the target sees and does not write.
// B:T6
func TestAnOfferLeavesTheSenderOwner(t *testing.T) {
	d := offerDesk(t)
	out := offerTo(t, d, access.Owner{Member: world.Stranger})
	c := out.Conversation
	before := world.States(world.Me)["chat: mine"]
	require.Equal(t, before.Ownership, c.Ownership)
	require.Equal(t, before.Epoch, c.Epoch)
	require.Equal(t, before.Version+1, c.Version)
	require.Equal(t, before.PublicActivityAt(), c.PublicActivityAt(), "the contact knows nothing of it")
	require.False(t, out.Event.Public())
	require.Equal(t, inbox.EventOffered, out.Event.Kind)
	require.Equal(t, "for you", c.Offer.Note)
	require.Equal(t, 1, d.Counts[world.Stranger].ReservedLivechats)
	require.Equal(t, 1, d.Counts[world.Me].Livechats)
	_, err := d.Messages.Send(t.Context(), world.AsMember(world.Me), desk.SendRequest{Conversation: c.ID, Body: "I am still here"})
	require.NoError(t, err)

	target := world.AsMember(world.Stranger)
	require.True(t, d.Access(t, target).Sees(c))
	require.False(t, d.Access(t, target).Reaches(c), "in no list but that of what is offered")
	_, err = d.Messages.Send(t.Context(), target, desk.SendRequest{Conversation: c.ID, Body: "Hello"})
	world.Refused(t, err, inbox.TakeoverRequired)
	_, err = d.Desk.AcceptOffer(t.Context(), world.AsMember(world.Mate), c.Offer.ID, "")
	world.Refused(t, err, inbox.PermissionDenied)

	done, err := d.Desk.AcceptOffer(t.Context(), target, c.Offer.ID, "k")
	require.NoError(t, err)
	require.Equal(t, inbox.EventTransferred, done.Event.Kind)
	require.Equal(t, world.Stranger, done.Conversation.Assignee)
	require.Equal(t, c.Epoch+1, done.Conversation.Epoch)
	require.Equal(t, workspace.Load{Livechats: 1}, d.Counts[world.Stranger])
	require.Zero(t, d.Counts[world.Me].Livechats)
	again, err := d.Desk.AcceptOffer(t.Context(), target, c.Offer.ID, "k")
	require.NoError(t, err)
	require.Equal(t, done.Event.ID, again.Event.ID)
	_, err = d.Desk.Undo(t.Context(), target, done.Event.ID, "")
	world.Refused(t, err, inbox.InvalidInput)
	refusal := world.Refused(t, err2(d.Desk.WithdrawOffer(t.Context(), world.AsMember(world.Me), c.Offer.ID, "")), inbox.OfferSettled)
	require.Equal(t, inbox.OfferAccepted, refusal.Offer.Status)
	require.Equal(t, target.Actor, refusal.By)
	require.Equal(t, done.Event.At, refusal.At)
	require.Equal(t, world.Stranger, refusal.Current.Assignee)
}

func err2(_ desk.Outcome, err error) error { return err }

// A team asks one member after the other, none of them twice, then the rule decides. B:T6
func TestATeamIsAskedInRounds(t *testing.T) {
	for rule, owner := range map[workspace.OfferExhausted]workspace.MemberID{workspace.OfferReturnsToSender: world.Me, workspace.OfferToTeamQueue: ""} {
		d := offerDesk(t, func(r *workspace.Rules) { r.OfferExhausted = rule })
		d.Alone(world.Me, world.Mate, world.Senior, world.Manager)
		c := offerTo(t, d, access.Owner{Team: world.Billing}).Conversation
		asked := map[workspace.MemberID]bool{}
		for round := 1; round <= 3; round++ {
			require.Equal(t, round, c.Offer.Round)
			require.False(t, asked[c.Offer.Member], "never one who had it")
			require.NotEqual(t, world.Me, c.Offer.Member)
			require.Equal(t, d.Clock().Add(time.Minute), c.Offer.ExpiresAt)
			asked[c.Offer.Member] = true
			d.Pass(time.Second)
			out, err := d.Desk.DeclineOffer(t.Context(), world.AsMember(c.Offer.Member), c.Offer.ID, desk.Declining{Reason: "busy"})
			require.NoError(t, err)
			require.Equal(t, "busy", out.Event.Reason)
			if round < 3 {
				require.Equal(t, inbox.EventOfferPassedOn, out.Event.Kind)
			}
			c = out.Conversation
		}
		require.Equal(t, inbox.OfferDeclined, c.Offer.Status)
		require.Equal(t, owner, c.Assignee)
		require.Equal(t, rule == workspace.OfferToTeamQueue, c.Waiting())
		for m, load := range d.Counts {
			require.Zero(t, load.Reserved(), m)
		}
		require.Equal(t, world.Me, d.Recorded()[0].After.Offer.Sender)
	}
}

// All who may claim in the team are asked at once where members take conversations
// themselves: the first one has it, and the others are told. B:T6
func TestAnOfferToAllOfATeam(t *testing.T) {
	d := offerDesk(t, func(r *workspace.Rules) { r.TeamTarget = workspace.TeamTargetPool })
	c := offerTo(t, d, access.Owner{Team: world.Billing}).Conversation
	require.True(t, c.Offer.Claimable())
	for m, load := range d.Counts {
		require.Zero(t, load.Reserved(), m)
	}
	require.Equal(t, []inbox.NotificationKind{inbox.NotifyOfferedToTeam}, kindsTold(d.Recorded()[0]))
	_, err := d.Desk.AcceptOffer(t.Context(), world.AsMember(world.Stranger), c.Offer.ID, "")
	world.Refused(t, err, inbox.PermissionDenied)
	_, err = d.Desk.AcceptOffer(t.Context(), world.AsMember(world.Mate), c.Offer.ID, "")
	require.NoError(t, err)
	refusal := world.Refused(t, err2(d.Desk.AcceptOffer(t.Context(), world.AsMember(world.Senior), c.Offer.ID, "")), inbox.OfferSettled)
	require.Equal(t, world.AsMember(world.Mate).Actor, refusal.By)
	require.Equal(t, []inbox.NotificationKind{inbox.NotifyOfferEnded}, kindsTold(d.Recorded()[1]))
}

// A member who declines an offer to all of a team declines for themselves alone: to them it
// is gone, for the others it stands as it was, and nobody is asked a second time. With the
// last one who could accept it ends. B:T6
func TestOneOfAllDeclines(t *testing.T) {
	for rule, owner := range map[workspace.OfferExhausted]workspace.MemberID{workspace.OfferReturnsToSender: world.Me, workspace.OfferToTeamQueue: ""} {
		d := offerDesk(t, func(r *workspace.Rules) { r.TeamTarget, r.OfferExhausted = workspace.TeamTargetPool, rule })
		c := offerTo(t, d, access.Owner{Team: world.Billing}).Conversation
		expires, told := c.Offer.ExpiresAt, notificationsOf(t, d, world.Senior)
		able := []workspace.MemberID{world.Mate, world.Senior, world.Manager}
		for i, m := range able {
			p := world.AsMember(m)
			require.True(t, asked(t, d, m), m)
			d.Pass(time.Second)
			out, err := d.Desk.DeclineOffer(t.Context(), p, c.Offer.ID, desk.Declining{Reason: "busy"})
			require.NoError(t, err)
			require.Equal(t, "busy", out.Event.Reason)
			require.Equal(t, out.Conversation.Assignee == "", out.Event.Public(), "the contact hears of a queue alone")
			require.False(t, asked(t, d, m), m)
			require.Empty(t, invitations(notificationsOf(t, d, m)), m)
			refusal := world.Refused(t, err2(d.Desk.AcceptOffer(t.Context(), p, c.Offer.ID, "")), inbox.OfferSettled)
			require.Equal(t, c.Offer.ID, refusal.Offer.ID)
			world.Refused(t, err2(d.Desk.DeclineOffer(t.Context(), p, c.Offer.ID, desk.Declining{})), inbox.OfferSettled)
			if last := i == len(able)-1; last {
				require.Equal(t, inbox.EventOfferDeclined, out.Event.Kind)
				require.Equal(t, inbox.OfferDeclined, out.Conversation.Offer.Status)
				require.Equal(t, owner, out.Conversation.Assignee)
				require.Len(t, kindsTold(out.Event), map[bool]int{true: 2, false: 1}[owner == ""], "the sender, and the team if it waits there")
				break
			}
			require.Equal(t, inbox.EventOfferPassedOn, out.Event.Kind)
			require.True(t, out.Conversation.Offer.Claimable())
			require.Equal(t, expires, out.Conversation.Offer.ExpiresAt, "the others have no more time than before")
			require.Equal(t, world.Me, out.Conversation.Assignee)
			require.Empty(t, kindsTold(out.Event))
			for _, other := range able[i+1:] {
				require.True(t, asked(t, d, other), other)
				require.Equal(t, invitations(told), invitations(notificationsOf(t, d, other)), other)
			}
		}
		for m, load := range d.Counts {
			require.Zero(t, load.Reserved(), m)
		}
	}
}

// Of all who were asked somebody else accepts after one declined, and two who decline at
// once are two.
func TestOthersAnswerAfterOneDeclined(t *testing.T) {
	d := offerDesk(t, func(r *workspace.Rules) { r.TeamTarget = workspace.TeamTargetPool })
	c := offerTo(t, d, access.Owner{Team: world.Billing}).Conversation
	d.Meanwhile = func() {
		_, err := d.Desk.DeclineOffer(t.Context(), world.AsMember(world.Mate), c.Offer.ID, desk.Declining{})
		require.NoError(t, err)
	}
	out, err := d.Desk.DeclineOffer(t.Context(), world.AsMember(world.Manager), c.Offer.ID, desk.Declining{})
	require.NoError(t, err)
	require.Equal(t, []workspace.MemberID{world.Mate, world.Manager}, out.Conversation.Offer.Declined)
	out, err = d.Desk.AcceptOffer(t.Context(), world.AsMember(world.Senior), c.Offer.ID, "")
	require.NoError(t, err)
	require.Equal(t, world.Senior, out.Conversation.Assignee)
}

// An offer to all of a team ends when none of those who have not declined is there, or may
// accept it any more; and is not made where nobody is. B:T6
func TestNobodyOfAllIsLeft(t *testing.T) {
	gone := map[string]func(*workspace.Member){
		"offline":  func(m *workspace.Member) { m.Availability = workspace.Offline },
		"removed":  func(m *workspace.Member) { m.Removed = true },
		"the team": func(m *workspace.Member) { m.Teams = nil },
		"the role": func(m *workspace.Member) { m.Roles = []workspace.RoleName{"observer"} },
	}
	for name, edit := range gone {
		t.Run(name, func(t *testing.T) {
			d := offerDesk(t, func(r *workspace.Rules) { r.TeamTarget = workspace.TeamTargetPool })
			d.Alone(world.Me, world.Mate, world.Senior)
			c := offerTo(t, d, access.Owner{Team: world.Billing}).Conversation
			_, err := d.Desk.DeclineOffer(t.Context(), world.AsMember(world.Mate), c.Offer.ID, desk.Declining{})
			require.NoError(t, err)
			require.NoError(t, d.Queues.CheckOffers(t.Context(), world.Home))
			require.True(t, d.Stored(t, c.ID).Offer.Open(), "one is left")
			d.Member(world.Senior, edit)
			require.NoError(t, d.Queues.CheckOffers(t.Context(), world.Home))
			now := d.Stored(t, c.ID)
			require.Equal(t, inbox.OfferExpired, now.Offer.Status)
			require.Equal(t, inbox.OfferTargetOffline, now.Offer.Cause)
			require.Equal(t, world.Me, now.Assignee)

			none := offerTo(t, d, access.Owner{Team: world.Billing})
			require.True(t, none.Conversation.Offer.Open(), "the mate is there for another one")
			d.Alone(world.Me)
			none = offerTo(t, d, access.Owner{Team: world.Billing})
			require.Equal(t, inbox.OfferExpired, none.Conversation.Offer.Status)
			require.Equal(t, []inbox.Warning{inbox.WarnTeamAbsent}, none.Warnings)
		})
	}
}

// asked reports whether the open offer asks m: it is in the list of what is offered, and can
// be accepted. The two never differ.
func asked(t *testing.T, d *world.Inbox, m workspace.MemberID) bool {
	t.Helper()
	a := d.Access(t, world.AsMember(m))
	c := d.Stored(t, "c")
	listed := access.View{List: access.ListOfferedToMe}.Matches(a.VisibilityFilter(), c)
	require.Equal(t, listed, access.IsOffered(a, c), m)
	require.Equal(t, listed, a.Can(c, inbox.ActionAccept).Allowed, m)
	return listed
}

func notificationsOf(t *testing.T, d *world.Inbox, m workspace.MemberID) (out []inbox.NotificationKind) {
	t.Helper()
	page, err := d.Notify.Notifications(t.Context(), world.AsMember(m), false, inbox.PageRequest{})
	require.NoError(t, err)
	for _, n := range page.Items {
		out = append(out, n.Notification.Kind)
	}
	return out
}

func invitations(all []inbox.NotificationKind) []inbox.NotificationKind {
	return slices.DeleteFunc(slices.Clone(all), func(k inbox.NotificationKind) bool { return k != inbox.NotifyOfferedToTeam })
}

func kindsTold(e inbox.Event) (out []inbox.NotificationKind) {
	for _, n := range inbox.NotificationsOf(e) {
		out = append(out, n.Kind)
	}
	return out
}

// The timer, an absent target and lost rights end an offer, each with its own cause. B:T6
func TestWhatTheSystemEnds(t *testing.T) {
	for name, c := range map[string]struct {
		happens func(d *world.Inbox)
		status  inbox.OfferStatus
		cause   inbox.OfferEndCause
		kind    inbox.EventKind
	}{
		"time": {func(d *world.Inbox) { d.Pass(time.Minute) }, inbox.OfferExpired, inbox.OfferEndedByTimer, inbox.EventOfferExpired},
		"away": {func(d *world.Inbox) {
			d.Member(world.Mate, func(m *workspace.Member) { m.Availability = workspace.Away })
		}, inbox.OfferOpen, "", inbox.EventOffered},
		"offline": {func(d *world.Inbox) {
			d.Member(world.Mate, func(m *workspace.Member) { m.Availability = workspace.Offline })
		}, inbox.OfferExpired, inbox.OfferTargetOffline, inbox.EventOfferExpired},
		"removed": {func(d *world.Inbox) {
			d.Member(world.Mate, func(m *workspace.Member) { m.Removed = true })
		}, inbox.OfferSuperseded, inbox.OfferTargetNotPermitted, inbox.EventOfferSuperseded},
		"no live agent": {func(d *world.Inbox) {
			d.Member(world.Mate, func(m *workspace.Member) { m.Roles = []workspace.RoleName{"observer"} })
		}, inbox.OfferSuperseded, inbox.OfferTargetNotPermitted, inbox.EventOfferSuperseded},
		"sender": {func(d *world.Inbox) {
			d.Member(world.Me, func(m *workspace.Member) { m.Roles = []workspace.RoleName{"observer"} })
		}, inbox.OfferSuperseded, inbox.OfferSenderNotPermitted, inbox.EventLeft},
		"a lower plan": {func(d *world.Inbox) { d.Roster.Workspace.Plan = "free" }, inbox.OfferOpen, "", inbox.EventOffered},
	} {
		t.Run(name, func(t *testing.T) {
			d := offerDesk(t)
			out := offerTo(t, d, access.Owner{Member: world.Mate})
			c.happens(d)
			_, err := d.Queues.ExpireOffers(t.Context())
			require.NoError(t, err)
			require.NoError(t, d.Queues.CheckOffers(t.Context(), world.Home))
			now := d.Stored(t, out.Conversation.ID)
			require.Equal(t, c.status, now.Offer.Status)
			require.Equal(t, c.cause, now.Offer.Cause)
			require.Equal(t, c.kind, d.Recorded()[len(d.Recorded())-1].Kind)
			if name != "sender" { // who may own no longer loses the conversation as well
				require.Equal(t, world.Me, now.Assignee)
			}
			require.Equal(t, now.Offer.Open(), d.Counts[world.Mate].Reserved() == 1)
		})
	}
}

// Nobody can be asked: the rule decides at once, and a warning says why. B:T6
func TestNobodyToAsk(t *testing.T) {
	for rule, owner := range map[workspace.OfferExhausted]workspace.MemberID{workspace.OfferReturnsToSender: world.Me, workspace.OfferToTeamQueue: ""} {
		d := offerDesk(t, func(r *workspace.Rules) { r.OfferExhausted = rule })
		d.Alone(world.Me)
		out := offerTo(t, d, access.Owner{Team: world.Sales})
		require.Equal(t, owner, out.Conversation.Assignee)
		require.Equal(t, inbox.OfferExpired, out.Conversation.Offer.Status)
		require.Equal(t, []inbox.Warning{inbox.WarnTeamAbsent}, out.Warnings)
	}
	d := offerDesk(t)
	d.Alone(world.Me)
	_, err := d.Desk.Transfer(t.Context(), world.AsMember(world.Me), d.Begin(t, "chat: mine"), access.Owner{Member: world.Mate}, "")
	require.Equal(t, inbox.TargetOffline, world.Refused(t, err, inbox.TargetNotPermitted).Target)
}

// What a request says about its acceptance, beside the rule. B:T6
func TestOfferWishes(t *testing.T) {
	yes, no := true, false
	for name, c := range map[string]struct {
		byRule bool
		by     workspace.MemberID
		wish   desk.OfferWish
		want   inbox.Code
		kind   inbox.EventKind
	}{
		"asked for once":      {false, world.Me, desk.OfferWish{Offer: &yes}, "", inbox.EventOffered},
		"shorter":             {true, world.Me, desk.OfferWish{Timeout: time.Second}, "", inbox.EventOffered},
		"longer":              {true, world.Me, desk.OfferWish{Timeout: time.Hour}, "", inbox.EventOffered},
		"endless":             {true, world.Me, desk.OfferWish{Timeout: 48 * time.Hour}, inbox.InvalidInput, ""},
		"negative":            {true, world.Me, desk.OfferWish{Timeout: -1}, inbox.InvalidInput, ""},
		"no offer":            {false, world.Me, desk.OfferWish{Timeout: time.Second}, inbox.InvalidInput, ""},
		"refused to an agent": {true, world.Me, desk.OfferWish{Offer: &no}, inbox.PermissionDenied, ""},
		"a manager's":         {true, world.Manager, desk.OfferWish{Offer: &no}, "", inbox.EventTransferred},
	} {
		t.Run(name, func(t *testing.T) {
			d := world.New(t)
			if c.byRule {
				d = offerDesk(t)
			}
			r := desk.Request{Conversation: d.Put(world.States(c.by)["chat: mine"]).ID}
			out, err := d.Desk.TransferAs(t.Context(), world.AsMember(c.by), r, access.Owner{Member: world.Mate}, "", c.wish)
			require.Equal(t, c.want, inbox.CodeOf(err), "%v", err)
			if err == nil {
				require.Equal(t, c.kind, out.Event.Kind)
			}
		})
	}
}

// Rule declineNeedsReason wants a reason, in words or by a code; reasonsRequired wants a
// code, whatever is written. B:T6
func TestDecliningNeedsAReason(t *testing.T) {
	for name, c := range map[string]struct {
		words bool // declineNeedsReason
		code  bool // reasonsRequired
		why   desk.Declining
		want  inbox.Code
		field string
	}{
		"nothing, and nothing is wanted": {},
		"nothing":                        {words: true, why: desk.Declining{Reason: " "}, want: inbox.InvalidInput, field: "reason"},
		"words":                          {words: true, why: desk.Declining{Reason: "busy"}},
		"a code for words":               {words: true, why: desk.Declining{ReasonCode: "DECLINE"}},
		"words for a code":               {code: true, why: desk.Declining{Reason: "busy"}, want: inbox.ReasonRequired, field: "reasonCodeId"},
		"a code for both":                {words: true, code: true, why: desk.Declining{ReasonCode: "DECLINE"}},
	} {
		t.Run(name, func(t *testing.T) {
			d := offerDesk(t, func(r *workspace.Rules) { r.DeclineNeedsReason = c.words })
			withReasons(d)
			o := offerTo(t, d, access.Owner{Member: world.Mate}).Conversation.Offer
			if c.code {
				d.Rules(func(r *workspace.Rules) { r.ReasonsRequired = workspace.UsagesOf(workspace.ReasonDecline) })
			}
			out, err := d.Desk.DeclineOffer(t.Context(), world.AsMember(world.Mate), o.ID, c.why)
			if c.want != "" {
				require.Equal(t, []string{c.field}, world.Refused(t, err, c.want).Field)
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.why.Reason, out.Conversation.Offer.Reason)
			require.Equal(t, c.why.ReasonCode, out.Conversation.Offer.ReasonCode)
		})
	}
}

// A sender who does not answer loses the conversation to the queue, and the offer with it.
// B:T6, B:R1
func TestAnOfferDoesNotStopTheClock(t *testing.T) {
	d := offerDesk(t, func(r *workspace.Rules) { r.ReclaimAfter, r.OfferTimeout = time.Minute, time.Hour })
	c := awaiting(0)
	d.Put(c)
	d.Alone(world.Me, world.Mate)
	out, err := d.Desk.Transfer(t.Context(), world.AsMember(world.Me), desk.Request{Conversation: c.ID}, access.Owner{Member: world.Mate}, "")
	require.NoError(t, err)
	require.NoError(t, d.Queues.Reclaim(t.Context(), world.Home))
	refusal := world.Refused(t, err2(d.Desk.AcceptOffer(t.Context(), world.AsMember(world.Mate), out.Conversation.Offer.ID, "")), inbox.OfferSettled)
	require.Equal(t, inbox.OfferSuperseded, refusal.Offer.Status)
	require.True(t, refusal.Current.Waiting())
	require.Zero(t, d.Counts[world.Mate].Reserved())
}

// What every answer that comes too late says: how the offer ended. B:T6
func TestTwoAnswerAtOnce(t *testing.T) {
	d := offerDesk(t)
	out := offerTo(t, d, access.Owner{Member: world.Mate})
	d.Meanwhile = func() {
		_, err := d.Desk.WithdrawOffer(t.Context(), world.AsMember(world.Me), out.Conversation.Offer.ID, "")
		require.NoError(t, err)
	}
	refusal := world.Refused(t, err2(d.Desk.AcceptOffer(t.Context(), world.AsMember(world.Mate), out.Conversation.Offer.ID, "")), inbox.OfferSettled)
	require.Equal(t, inbox.OfferWithdrawn, refusal.Offer.Status)
	require.Equal(t, world.AsMember(world.Me).Actor, refusal.By)
}
