package desk_test

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// withReasons makes a code of each usage, named by it in lower case, and an archived one,
// and demands some of them.
func withReasons(d *world.Inbox, demanded ...workspace.ReasonUsage) {
	w := &d.Roster.Workspace
	for _, u := range workspace.Usages() {
		id := workspace.ReasonCodeID(u)
		w.ReasonCodes = append(w.ReasonCodes, workspace.ReasonCode{ID: id, Name: string(u), Usage: u, Rev: 1},
			workspace.ReasonCode{ID: "old " + id, Name: "Old " + string(u), Usage: u, Archived: true, Rev: 2})
	}
	d.Rules(func(r *workspace.Rules) { r.ReasonsRequired = workspace.UsagesOf(demanded...) })
}

// reasoned is a door to a verb that takes reason codes: the action that it is judged as,
// and what is done to a conversation in a state. before, if set, is done first.
type reasoned struct {
	action inbox.Action
	state  string
	usage  workspace.ReasonUsage
	do     func(context.Context, *world.Inbox, inbox.Principal, desk.Request) (desk.Outcome, error)
	before func(*testing.T, *world.Inbox, desk.Request)
}

// inACall is do by a call for many conversations, of one.
func inACall(v desk.BulkVerb) func(context.Context, *world.Inbox, inbox.Principal, desk.Request) (desk.Outcome, error) {
	return func(ctx context.Context, d *world.Inbox, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
		got, err := d.Bulk.Act(ctx, p, desk.BulkRequest{Items: []desk.BulkItem{{Conversation: r.Conversation}}, Verb: v, ReasonCode: r.ReasonCode})
		if err != nil {
			return desk.Outcome{}, err
		}
		return got.Results[0].Done, got.Results[0].Refusal
	}
}

// others are all usages but one.
func others(one workspace.ReasonUsage) []workspace.ReasonUsage {
	return slices.DeleteFunc(workspace.Usages(), func(u workspace.ReasonUsage) bool { return u == one })
}

func reasonedVerbs() map[string]reasoned {
	assign := func(to workspace.MemberID) func(context.Context, *world.Inbox, inbox.Principal, desk.Request) (desk.Outcome, error) {
		return func(ctx context.Context, d *world.Inbox, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return d.Desk.Assign(ctx, p, r, access.Owner{Member: to}, "")
		}
	}
	hello, yes := "Hello", true
	return map[string]reasoned{
		"transfer": {action: inbox.ActionTransfer, state: "chat: mine", usage: workspace.ReasonTransfer, do: func(ctx context.Context, d *world.Inbox, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return d.Desk.Transfer(ctx, p, r, access.Owner{Member: world.Mate}, "")
		}},
		"transfer that is offered": {action: access.StepOffer, state: "chat: mine", usage: workspace.ReasonTransfer, do: func(ctx context.Context, d *world.Inbox, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return d.Desk.TransferAs(ctx, p, r, access.Owner{Member: world.Mate}, "", desk.OfferWish{Offer: &yes})
		}},
		"offer by the panel": {action: access.StepOffer, state: "chat: mine", usage: workspace.ReasonTransfer, do: func(ctx context.Context, d *world.Inbox, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			d.Rules(func(r *workspace.Rules) { r.TransferAcceptance = workspace.TransferOffered })
			return assign(world.Mate)(ctx, d, p, r)
		}},
		"transfer by the panel": {action: inbox.ActionAssign, state: "chat: mine", usage: workspace.ReasonTransfer, do: assign(world.Mate)},
		"take over": {action: inbox.ActionTakeOver, state: "chat: a teammate's", usage: workspace.ReasonTakeover, do: func(ctx context.Context, d *world.Inbox, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return d.Desk.TakeOver(ctx, p, r, nil, "")
		}},
		"take over with a reply": {action: inbox.ActionTakeOver, state: "chat: a teammate's", usage: workspace.ReasonTakeover, do: func(ctx context.Context, d *world.Inbox, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return d.Desk.TakeOver(ctx, p, r, &hello, "")
		}},
		"take over by the panel": {action: inbox.ActionClaim, state: "chat: a teammate's", usage: workspace.ReasonTakeover, do: assign(world.Me)},
		"close": {action: inbox.ActionClose, state: "chat: mine", usage: workspace.ReasonClose, do: func(ctx context.Context, d *world.Inbox, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return d.Desk.Close(ctx, p, r, desk.Closing{})
		}},
		"set CLOSED": {action: inbox.ActionClose, state: "chat: mine", usage: workspace.ReasonClose, do: func(ctx context.Context, d *world.Inbox, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return d.Desk.SetStatus(ctx, p, r, inbox.Closed)
		}},
		"decline": {action: inbox.ActionDecline, state: "chat: a teammate's", usage: workspace.ReasonDecline, before: offerToMe(access.Owner{Member: world.Me}), do: decline},
		"decline for oneself": {action: inbox.ActionDecline, state: "chat: a teammate's", usage: workspace.ReasonDecline, before: func(t *testing.T, d *world.Inbox, r desk.Request) {
			d.Rules(func(r *workspace.Rules) { r.TeamTarget = workspace.TeamTargetPool })
			offerToMe(access.Owner{Team: world.Billing})(t, d, r)
		}, do: decline},
		"decline for the next": {action: inbox.ActionDecline, state: "chat: a teammate's", usage: workspace.ReasonDecline, before: func(t *testing.T, d *world.Inbox, r desk.Request) {
			d.Alone(world.Me, world.Mate)
			offerToMe(access.Owner{Team: world.Billing})(t, d, r)
			d.Alone(world.Me, world.Mate, world.Senior)
		}, do: decline},
		"unassign": {action: inbox.ActionUnassign, state: "chat: mine", usage: workspace.ReasonTransfer, do: func(ctx context.Context, d *world.Inbox, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return d.Desk.Unassign(ctx, p, r)
		}},
		"leave": {action: inbox.ActionLeave, state: "chat: mine", usage: workspace.ReasonTransfer, do: func(ctx context.Context, d *world.Inbox, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return d.Desk.Leave(ctx, p, r)
		}},
		"return": {action: inbox.ActionReturn, state: "chat: mine", usage: workspace.ReasonTransfer, do: func(ctx context.Context, d *world.Inbox, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return d.Desk.ReturnToAgent(ctx, p, r, "")
		}},
		"unassign in a call": {action: inbox.ActionUnassign, state: "chat: mine", usage: workspace.ReasonTransfer, do: inACall(desk.BulkVerb{Action: inbox.ActionUnassign})},
		"transfer in a call": {action: inbox.ActionTransfer, state: "chat: mine", usage: workspace.ReasonTransfer, do: inACall(desk.BulkVerb{Action: inbox.ActionTransfer, To: access.Owner{Member: world.Mate}})},
		"assign in a call":   {action: inbox.ActionAssign, state: "chat: mine", usage: workspace.ReasonTransfer, do: inACall(desk.BulkVerb{Action: inbox.ActionAssign, To: access.Owner{Member: world.Mate}})},
		"take in a call":     {action: inbox.ActionTakeOver, state: "chat: a teammate's", usage: workspace.ReasonTakeover, do: inACall(desk.BulkVerb{Action: inbox.ActionAssign, To: access.Owner{Member: world.Me}})},
		"close in a call":    {action: inbox.ActionClose, state: "chat: mine", usage: workspace.ReasonClose, do: inACall(desk.BulkVerb{Action: inbox.ActionClose})},
	}
}

// offerToMe lets the mate who owns the conversation offer it.
func offerToMe(to access.Owner) func(*testing.T, *world.Inbox, desk.Request) {
	return func(t *testing.T, d *world.Inbox, r desk.Request) {
		r.ReasonCode = "TRANSFER"
		_, err := d.Desk.TransferAs(t.Context(), world.AsMember(world.Mate), r, to, "", desk.OfferWish{Offer: world.Ptr(true)})
		require.NoError(t, err)
	}
}

func decline(ctx context.Context, d *world.Inbox, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
	c, err := d.Memory.Conversation(ctx, world.Home, r.Conversation)
	if err != nil {
		return desk.Outcome{}, err
	}
	return d.Desk.DeclineOffer(ctx, p, c.Offer.ID, desk.Declining{ReasonCode: r.ReasonCode})
}

// Each verb that takes a code records it, refuses what is none of its codes, and demands
// one where the rule does.
func TestReasonCodes(t *testing.T) {
	other := map[workspace.ReasonUsage]workspace.ReasonCodeID{
		workspace.ReasonTransfer: "CLOSE", workspace.ReasonTakeover: "TRANSFER", workspace.ReasonClose: "AWAY", workspace.ReasonDecline: "TRANSFER",
	}
	for name, v := range reasonedVerbs() {
		own := workspace.ReasonCodeID(v.usage)
		for given, c := range map[string]struct {
			code     workspace.ReasonCodeID
			demanded []workspace.ReasonUsage
			want     inbox.Code
		}{
			"none":                     {"", nil, ""},
			"none, and others demand":  {"", others(v.usage), ""},
			"none, and it is demanded": {"", []workspace.ReasonUsage{v.usage}, inbox.ReasonRequired},
			"one":                      {own, nil, ""},
			"one that is demanded":     {own, []workspace.ReasonUsage{v.usage}, ""},
			"one of another usage":     {other[v.usage], nil, inbox.InvalidInput},
			"an archived one":          {"old " + own, []workspace.ReasonUsage{v.usage}, inbox.InvalidInput},
			"a made-up one":            {"nothing", nil, inbox.NotFound},
		} {
			t.Run(name+"/"+given, func(t *testing.T) {
				d := world.New(t)
				withReasons(d, c.demanded...)
				r := d.Begin(t, v.state)
				if v.before != nil {
					v.before(t, d, r)
				}
				begun := len(d.Recorded())
				r.ReasonCode = c.code
				out, err := v.do(t.Context(), d, world.AsMember(world.Me), r)
				if c.want == "" {
					require.NoError(t, err)
					require.Equal(t, c.code, out.Event.ReasonCode)
					return
				}
				e := world.Refused(t, err, c.want)
				require.Equal(t, []string{"reasonCodeId"}, e.Field)
				if c.want == inbox.ReasonRequired {
					require.Equal(t, v.usage, e.Usage)
				}
				require.Len(t, d.Recorded(), begun)
			})
		}
	}
}

// Every usage of the vocabulary is that of a verb, every verb that has one is demanded a
// code at each of its doors by TestReasonCodes, and no other change that a usage explains
// is made by a member without one, whatever the door. AWAY is the one that explains no
// change of a conversation; see TestReasonsAtEveryDoor of the API.
func TestEveryUsageIsDemanded(t *testing.T) {
	doors, usages := map[inbox.Action]bool{}, map[workspace.ReasonUsage]bool{workspace.ReasonAway: true}
	for name, v := range reasonedVerbs() {
		require.Equal(t, v.usage, access.ReasonUsageOf(v.action), name)
		doors[v.action], usages[v.usage] = true, true
	}
	for _, v := range declarations() {
		require.Equal(t, access.ReasonUsageOf(v.Action) != "", doors[v.Action], "%s takes a code, and no row of reasonedVerbs tries it, or the other way round", v.Action)
	}
	for _, u := range workspace.Usages() {
		require.True(t, usages[u], "%s explains nothing", u)
	}
	explained := map[inbox.EventKind]bool{
		inbox.EventTransferred: true, inbox.EventTakenOver: true, inbox.EventClosed: true,
		inbox.EventOffered: true, inbox.EventOfferDeclined: true, inbox.EventOfferPassedOn: true,
		inbox.EventUnassigned: true, inbox.EventLeft: true, inbox.EventReturnedToAI: true,
	}
	refused := map[workspace.ReasonUsage]bool{}
	for action, ways := range useCases() {
		for name, way := range ways {
			d := world.New(t)
			withReasons(d)
			do := way.prepare(t, d)
			begun := len(d.Recorded())
			d.Rules(func(r *workspace.Rules) { r.ReasonsRequired = workspace.UsagesOf(workspace.Usages()...) })
			err := do()
			if inbox.CodeOf(err) == inbox.ReasonRequired {
				refused[world.Refused(t, err, inbox.ReasonRequired).Usage] = true
			}
			for _, e := range d.Recorded()[begun:] {
				o, ofOffer := e.Offer()
				accepted := ofOffer && o.Status == inbox.OfferAccepted // explained by whoever offered it
				require.False(t, explained[e.Kind] && !accepted && e.Actor.Member() != "", "%s by %s made %s without a reason", action, name, e.Kind)
			}
		}
	}
	for _, u := range workspace.Usages() {
		require.True(t, u == workspace.ReasonAway || refused[u], "no use case was refused for want of a code for %s", u)
	}
}

// Which verbs say beforehand that a reason is needed, and of whom.
func TestReasonNeeded(t *testing.T) {
	d := world.New(t)
	withReasons(d, workspace.Usages()...)
	mine, nobodys := world.States(world.Me)["chat: mine"], world.States(world.Me)["chat: AI answers"]
	for _, action := range access.Actions() {
		want := map[inbox.Action]workspace.ReasonUsage{
			inbox.ActionTransfer: workspace.ReasonTransfer, inbox.ActionAssign: workspace.ReasonTransfer,
			inbox.ActionTakeOver: workspace.ReasonTakeover,
			inbox.ActionClose:    workspace.ReasonClose, inbox.ActionDecline: workspace.ReasonDecline,
			inbox.ActionUnassign: workspace.ReasonTransfer, inbox.ActionLeave: workspace.ReasonTransfer, inbox.ActionReturn: workspace.ReasonTransfer,
		}[action]
		require.Equal(t, want, access.ReasonNeeded(d.Access(t, world.AsMember(world.Me)), mine, action), action)
		for _, p := range []inbox.Principal{world.AsAgent(world.Bot), world.AsContact("c"), world.AsPartner(), world.AsSystem()} {
			require.Empty(t, access.ReasonNeeded(d.Access(t, p), mine, action), "only people have to")
		}
		if action != inbox.ActionClose {
			require.Empty(t, access.ReasonNeeded(d.Access(t, world.AsMember(world.Me)), nobodys, action), "from nobody")
		}
	}
}

// A verb that is shown to need a reason is one that somebody is refused for want of it: in
// some state in which the verb is allowed it needs one of that usage.
func TestAShownReasonIsAskedSomewhere(t *testing.T) {
	d := world.New(t)
	withReasons(d, workspace.Usages()...)
	shown, asked := map[inbox.Action]string{}, map[inbox.Action]bool{}
	for _, me := range []workspace.MemberID{world.Me, world.Mate, world.Manager} {
		a := d.Access(t, world.AsMember(me))
		for name, c := range world.States(world.Me) {
			for _, action := range access.Actions() {
				if access.ReasonNeeded(a, c, action) == "" {
					continue
				}
				shown[action] = name
				asked[action] = asked[action] || a.Can(c, action).Allowed || action == inbox.ActionDecline
			}
		}
	}
	require.Contains(t, shown, inbox.ActionTakeOver)
	for action, state := range shown {
		require.True(t, asked[action], "%s shows a reason on %s and never needs one", action, state)
	}
}

// Claiming needs no reason, though rule reasonsRequired demands one for takeovers, and a
// takeover that finds nobody is a claim. AI agents, contacts and the rules need none, and a
// contact can name none.
func TestWhoNeedsNoReason(t *testing.T) {
	begin := func(state string) (*world.Inbox, desk.Request) {
		d := world.New(t)
		withReasons(d, workspace.Usages()...)
		return d, d.Begin(t, state)
	}
	d, r := begin("chat: AI answers")
	_, err := d.Desk.Claim(t.Context(), world.AsMember(world.Me), r)
	require.NoError(t, err)
	d, r = begin("chat: AI answers")
	r.ReasonCode = "TAKEOVER"
	out, err := d.Desk.TakeOver(t.Context(), world.AsMember(world.Me), r, nil, "")
	require.NoError(t, err)
	require.Equal(t, inbox.EventClaimed, out.Event.Kind)
	require.Equal(t, workspace.ReasonCodeID("TAKEOVER"), out.Event.ReasonCode, "it was picked when somebody had it")
	d, r = begin("chat: AI answers")
	_, err = d.Desk.Close(t.Context(), world.AsAgent(world.Bot), r, desk.Closing{})
	require.NoError(t, err)
	d, r = begin("chat: mine")
	r.ReasonCode = "CLOSE"
	_, err = d.Desk.Close(t.Context(), world.AsContact("c"), r, desk.Closing{})
	world.Refused(t, err, inbox.InvalidInput)
	r.ReasonCode = "nothing"
	_, made := d.Desk.Close(t.Context(), world.AsContact("c"), r, desk.Closing{})
	require.Equal(t, err, made, "and finds out about none")
	r.ReasonCode = ""
	_, err = d.Desk.Close(t.Context(), world.AsContact("c"), r, desk.Closing{})
	require.NoError(t, err)
	d, r = begin("chat: mine")
	r.ReasonCode = "CLOSE"
	_, err = d.Desk.Leave(t.Context(), world.AsMember(world.Me), r)
	world.Refused(t, err, inbox.InvalidInput)
}

// A code that is archived between the decision and the commit is refused, and a repeat of
// a request is answered although its code was archived since.
func TestReasonCodesOfNow(t *testing.T) {
	d := world.New(t)
	withReasons(d)
	r := d.Begin(t, "chat: mine")
	r.ReasonCode, r.Key = "CLOSE", "k"
	first, err := d.Desk.Close(t.Context(), world.AsMember(world.Me), r, desk.Closing{})
	require.NoError(t, err)
	for i := range d.Roster.Workspace.ReasonCodes {
		d.Roster.Workspace.ReasonCodes[i].Archived = true
	}
	again, err := d.Desk.Close(t.Context(), world.AsMember(world.Me), r, desk.Closing{})
	require.NoError(t, err)
	require.Equal(t, first.Event.ID, again.Event.ID)
	r.ReasonCode = ""
	_, err = d.Desk.Close(t.Context(), world.AsMember(world.Me), r, desk.Closing{})
	world.Refused(t, err, inbox.InvalidInput)
}
