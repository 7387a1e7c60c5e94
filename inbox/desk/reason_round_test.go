package desk_test

import (
	"cmp"
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// act is what a member can do to a conversation without naming a reason.
type act func(ctx context.Context, d *world.Inbox, p inbox.Principal, r desk.Request) (desk.Outcome, error)

// memberActs are all that may change who owns a conversation, by each door.
func memberActs() map[string]act {
	hello := "Hello"
	out := map[string]act{
		"claim": func(ctx context.Context, d *world.Inbox, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return d.Desk.Claim(ctx, p, r)
		},
		"unassign": func(ctx context.Context, d *world.Inbox, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return d.Desk.Unassign(ctx, p, r)
		},
		"leave": func(ctx context.Context, d *world.Inbox, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return d.Desk.Leave(ctx, p, r)
		},
		"return": func(ctx context.Context, d *world.Inbox, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return d.Desk.ReturnToAgent(ctx, p, r, "")
		},
		"take over": func(ctx context.Context, d *world.Inbox, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return d.Desk.TakeOver(ctx, p, r, nil, "")
		},
		"take over with a reply": func(ctx context.Context, d *world.Inbox, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return d.Desk.TakeOver(ctx, p, r, &hello, "")
		},
		"close": func(ctx context.Context, d *world.Inbox, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return d.Desk.Close(ctx, p, r, desk.Closing{})
		},
		"open": func(ctx context.Context, d *world.Inbox, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return d.Desk.SetStatus(ctx, p, r, inbox.Open)
		},
		"unset": func(ctx context.Context, d *world.Inbox, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return d.Desk.SetStatus(ctx, p, r, inbox.Unset)
		},
		"snooze": func(ctx context.Context, d *world.Inbox, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return d.Desk.Snooze(ctx, p, r, world.Start().Add(time.Hour))
		},
		"wake": func(ctx context.Context, d *world.Inbox, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return d.Desk.Wake(ctx, p, r)
		},
		"reopen and reply": func(ctx context.Context, d *world.Inbox, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			_, err := d.Messages.ReopenAndReply(ctx, p, desk.SendRequest{Conversation: r.Conversation, Body: hello})
			return desk.Outcome{}, err
		},
		"send": func(ctx context.Context, d *world.Inbox, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			_, err := d.Messages.Send(ctx, p, desk.SendRequest{Conversation: r.Conversation, Body: hello})
			return desk.Outcome{}, err
		},
		"start a new one": func(ctx context.Context, d *world.Inbox, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			_, err := d.Messages.StartNew(ctx, p, r.Conversation, hello, "")
			return desk.Outcome{}, err
		},
		"request a handoff": func(ctx context.Context, d *world.Inbox, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return d.Desk.RequestHandoff(ctx, p, r, desk.HandoffTarget{})
		},
		"accept its offer": func(ctx context.Context, d *world.Inbox, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return d.Desk.AcceptOffer(ctx, p, offerOf(ctx, d, r), "")
		},
		"decline its offer": func(ctx context.Context, d *world.Inbox, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return d.Desk.DeclineOffer(ctx, p, offerOf(ctx, d, r), desk.Declining{})
		},
		"withdraw its offer": func(ctx context.Context, d *world.Inbox, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return d.Desk.WithdrawOffer(ctx, p, offerOf(ctx, d, r), "")
		},
		"close in a call":    inACall(desk.BulkVerb{Action: inbox.ActionClose}),
		"unassign in a call": inACall(desk.BulkVerb{Action: inbox.ActionUnassign}),
	}
	for name, to := range map[string]access.Owner{
		"me": {Member: world.Me}, "mate": {Member: world.Mate}, "stranger": {Member: world.Stranger}, "manager": {Member: world.Manager}, "billing": {Team: world.Billing},
	} {
		out["assign to "+name] = func(ctx context.Context, d *world.Inbox, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return d.Desk.Assign(ctx, p, r, to, "")
		}
		out["transfer to "+name] = func(ctx context.Context, d *world.Inbox, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return d.Desk.Transfer(ctx, p, r, to, "")
		}
		out["offer to "+name] = func(ctx context.Context, d *world.Inbox, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return d.Desk.TransferAs(ctx, p, r, to, "", desk.OfferWish{Offer: world.Ptr(true)})
		}
		out["assign in a call to "+name] = inACall(desk.BulkVerb{Action: inbox.ActionAssign, To: to})
		out["transfer in a call to "+name] = inACall(desk.BulkVerb{Action: inbox.ActionTransfer, To: to})
	}
	out["spread in a call"] = inACall(desk.BulkVerb{Action: inbox.ActionAssign, SpreadOver: []workspace.MemberID{world.Senior, world.Me}})
	return out
}

// offerOf is the offer of a conversation; made up if it has none.
func offerOf(ctx context.Context, d *world.Inbox, r desk.Request) inbox.OfferID {
	c, _ := d.Memory.Conversation(ctx, world.Home, r.Conversation)
	return cmp.Or(c.Offer.ID, "none")
}

// unwalked are the methods by which nobody, or no member, takes a conversation from its owner,
// and the one exception, each with the reason.
func unwalked() map[string]string {
	return map[string]string{
		"Undo":    "it takes back, within its short window, what the caller did; see TestUndoingTakesNoReason",
		"Do":      "claim, unassign and leave, by the verb",
		"Release": "the rules do it", "ReleaseEach": "the rules do it",
		"Post": "API keys do it", "Fed": "it reads", "FedByKey": "it reads", "Receive": "it changes no owner",
		"RevokeContactTokens": "it changes no owner", "Crowd": "it counts", "LostRaces": "it counts",
	}
}

// Every method of the desk is walked by TestNoActGoesRoundAReason, or does not have to be.
func TestEveryActIsWalked(t *testing.T) {
	acts, left := memberActs(), unwalked()
	walks := map[string]string{
		"Assign": "assign to me", "Transfer": "transfer to me", "TransferAs": "offer to me", "Claim": "claim", "Unassign": "unassign", "Leave": "leave",
		"ReturnToAgent": "return", "TakeOver": "take over", "Close": "close", "SetStatus": "open", "Snooze": "snooze", "Wake": "wake",
		"RequestHandoff": "request a handoff", "AcceptOffer": "accept its offer", "DeclineOffer": "decline its offer", "WithdrawOffer": "withdraw its offer",
		"Send": "send", "ReopenAndReply": "reopen and reply", "StartNew": "start a new one", "Act": "spread in a call",
	}
	for _, service := range []any{&desk.Service{}, &desk.Messages{}, &desk.Bulk{}} {
		for m := range reflect.TypeOf(service).Methods() {
			_, excepted := left[m.Name]
			require.NotEqual(t, excepted, acts[walks[m.Name]] != nil, "%s is neither in memberActs nor excepted, or both", m.Name)
			delete(left, m.Name)
		}
	}
	require.Empty(t, left)
}

// Whoever gave a conversation away takes that back without another reason, and nobody else
// does. B:K5, B:R3
func TestUndoingTakesNoReason(t *testing.T) {
	for name, row := range map[string]struct {
		state string
		by    workspace.MemberID
		do    act
		code  workspace.ReasonCodeID
	}{
		"my transfer":          {"chat: mine", world.Me, memberActs()["transfer to mate"], "TRANSFER"},
		"a manager's transfer": {"chat: mine", world.Manager, memberActs()["transfer to mate"], "TRANSFER"},
		"a takeover":           {"chat: a teammate's", world.Me, memberActs()["take over"], "TAKEOVER"},
	} {
		t.Run(name, func(t *testing.T) {
			d := world.New(t)
			withReasons(d, workspace.Usages()...)
			d.Rules(func(r *workspace.Rules) { r.TransferActor = workspace.TransferByAnyone })
			r := d.Begin(t, row.state)
			owner := d.Stored(t, r.Conversation).Assignee
			r.ReasonCode = row.code
			out, err := row.do(t.Context(), d, world.AsMember(row.by), r)
			require.NoError(t, err)
			require.NotEqual(t, owner, out.Conversation.Assignee)
			_, err = d.Desk.Undo(t.Context(), world.AsMember(world.Senior), out.Event.ID, "")
			world.Refused(t, err, inbox.PermissionDenied)
			out, err = d.Desk.Undo(t.Context(), world.AsMember(row.by), out.Event.ID, "")
			require.NoError(t, err)
			require.Equal(t, owner, out.Conversation.Assignee)
		})
	}
}

// unexplained are the changes by which a conversation may leave the person who owned it
// although a usage is demanded and no code of it is named, and why.
func unexplained(usage workspace.ReasonUsage) map[inbox.EventKind]string {
	out := map[inbox.EventKind]string{
		inbox.EventClosed:   "the work on it ends; rule reasonsRequired has CLOSE for that",
		inbox.EventReopened: "nobody works on what is closed",
		inbox.EventWoken:    "the rules decide whether its owner is there to have it back",
	}
	if usage == workspace.ReasonTransfer {
		out[inbox.EventTakenOver] = "rule reasonsRequired has TAKEOVER for that"
	} else {
		out[inbox.EventTransferred] = "somebody else has it then; rule reasonsRequired has TRANSFER for that"
	}
	return out
}

// beingOffered is what the names of states begin with in which the owner offered the conversation.
const beingOffered = "offered: "

// offeredToo are all states, those with an owner also with an open offer to a member.
func offeredToo() map[string]inbox.Conversation {
	out := world.States(world.Me)
	for state, c := range world.States(world.Me) {
		if c.Owned() && c.Status != inbox.Closed {
			out[beingOffered+state] = c
		}
	}
	return out
}

// beginOffered begins in one of offeredToo. The owner named a reason for the offer.
func beginOffered(t *testing.T, d *world.Inbox, state string) desk.Request {
	t.Helper()
	state, asks := strings.CutPrefix(state, beingOffered)
	r := d.Begin(t, state)
	if asks {
		offer := r
		offer.ReasonCode = "TRANSFER"
		_, err := d.Desk.TransferAs(t.Context(), world.AsMember(d.Stored(t, r.Conversation).Assignee), offer, access.Owner{Member: world.Senior}, "", desk.OfferWish{Offer: world.Ptr(true)})
		require.NoError(t, err, state)
	}
	return r
}

// reasonOf is the code that the sender of an offer named.
func reasonOf(d *world.Inbox, o inbox.Offer) (code workspace.ReasonCodeID) {
	for _, e := range d.Recorded() {
		if made, _ := e.Offer(); e.Kind == inbox.EventOffered && made.ID == o.ID {
			code = e.ReasonCode
		}
	}
	return code
}

// No act of a member takes a conversation from the person who owns it without the reason that
// is demanded for it, in any state and by any door; so that none does so in several steps
// either. B:R3, B:O3, B:O4, B:O5, B:O6, B:O7, B:O8
func TestNoActGoesRoundAReason(t *testing.T) {
	acts, left := memberActs(), map[inbox.EventKind]bool{}
	for _, usage := range []workspace.ReasonUsage{workspace.ReasonTransfer, workspace.ReasonTakeover} {
		allowed, refused, accepted := unexplained(usage), 0, 0
		for state := range offeredToo() {
			for name, do := range acts {
				for _, by := range []workspace.MemberID{world.Me, world.Senior, world.Manager} {
					d := world.New(t)
					withReasons(d, usage)
					d.Rules(func(r *workspace.Rules) {
						r.TransferActor, r.Unassign, r.CloseActor = workspace.TransferByAnyone, workspace.UnassignByAnyone, workspace.CloseByAnyone
						r.OfferExhausted, r.OnReopen = workspace.OfferToTeamQueue, workspace.ReopenByRoute
					})
					d.Member(world.Mate, func(m *workspace.Member) { m.Availability = workspace.Offline })
					r := beginOffered(t, d, state)
					before, begun := d.Stored(t, r.Conversation), len(d.Recorded())
					_, err := do(t.Context(), d, world.AsMember(by), r)
					after, at := d.Stored(t, r.Conversation), fmt.Sprint(usage, ": ", name, " of ", state, " by ", by)
					if inbox.CodeOf(err) == inbox.ReasonRequired {
						refused++
						require.Equal(t, usage, world.Refused(t, err, inbox.ReasonRequired).Usage, at)
						require.Equal(t, before, after, at)
					}
					if before.Assignee == "" || after.Assignee == before.Assignee {
						continue
					}
					mine := before.Assignee == by && usage == workspace.ReasonTakeover // taken from nobody
					for _, e := range d.Recorded()[begun:] {
						if o, _ := e.Offer(); o.Status == inbox.OfferAccepted && reasonOf(d, o) != "" {
							accepted++
							continue
						}
						if e.From.Assignee != before.Assignee || e.To.Assignee == before.Assignee || mine {
							continue
						}
						require.Contains(t, allowed, e.Kind, at)
						left[e.Kind] = true
					}
				}
			}
		}
		require.NotZero(t, refused)
		require.NotZero(t, accepted, "its sender named the reason")
	}
	for kind := range left {
		require.NotEmpty(t, unexplained(workspace.ReasonTransfer)[kind]+unexplained(workspace.ReasonTakeover)[kind])
	}
	require.True(t, left[inbox.EventClosed] && left[inbox.EventTakenOver] && left[inbox.EventTransferred], "%v", left)
}

// What somebody else owns is unassigned and given back for a reason where takeovers alone demand
// one, and one code of either usage does for all that a call gives up, whatever is demanded. B:R3
func TestOneReasonForAllThatIsGivenUp(t *testing.T) {
	give := map[string]func(t *testing.T, d *world.Inbox, by inbox.Principal, r desk.Request) error{
		"unassign": nil, "return": nil, "leave": nil,
	}
	for name := range give {
		give[name] = func(t *testing.T, d *world.Inbox, by inbox.Principal, r desk.Request) error {
			_, err := memberActs()[name](t.Context(), d, by, r)
			return err
		}
	}
	give["unassign in a call"] = func(t *testing.T, d *world.Inbox, by inbox.Principal, r desk.Request) error {
		theirs := world.Owned(world.NewConversation(workspace.Livechat), world.Mate, "")
		theirs.ID = "theirs"
		got, err := d.Bulk.Act(t.Context(), by, desk.BulkRequest{
			Items: []desk.BulkItem{{Conversation: r.Conversation}, {Conversation: d.Put(theirs).ID}}, Verb: desk.BulkVerb{Action: inbox.ActionUnassign}, ReasonCode: r.ReasonCode,
		})
		require.NoError(t, err)
		return cmp.Or(got.Results[1].Refusal, got.Results[0].Refusal)
	}
	for name, do := range give {
		for _, demanded := range [][]workspace.ReasonUsage{nil, {workspace.ReasonClose}, {workspace.ReasonTransfer}, {workspace.ReasonTakeover}, workspace.Usages()} {
			for _, code := range workspace.Usages() {
				d := world.New(t)
				withReasons(d, demanded...)
				d.Rules(func(r *workspace.Rules) { r.Unassign = workspace.UnassignByAnyone })
				r := d.Begin(t, "chat: mine")
				r.ReasonCode = workspace.ReasonCodeID(code)
				either := slices.Contains(demanded, workspace.ReasonTransfer) || slices.Contains(demanded, workspace.ReasonTakeover)
				err := do(t, d, world.AsMember(world.Me), r)
				if code == workspace.ReasonTransfer || code == workspace.ReasonTakeover && either {
					require.NoError(t, err, "%s: %s where %v", name, code, demanded)
				} else {
					world.Refused(t, err, inbox.InvalidInput)
				}
			}
		}
	}
}

// What somebody else owns is unassigned and given back for a reason of a takeover where that
// alone is demanded: its other half needs none. B:R3, B:O7
func TestUnassigningIsHalfATakeover(t *testing.T) {
	for name, row := range map[string]struct {
		demanded []workspace.ReasonUsage
		state    string
		want     workspace.ReasonUsage
	}{
		"another's":                    {[]workspace.ReasonUsage{workspace.ReasonTakeover}, "chat: a teammate's", workspace.ReasonTakeover},
		"another's, and both demanded": {[]workspace.ReasonUsage{workspace.ReasonTakeover, workspace.ReasonTransfer}, "chat: a teammate's", workspace.ReasonTransfer},
		"mine":                         {[]workspace.ReasonUsage{workspace.ReasonTakeover}, "chat: mine", ""},
		"nobody's":                     {workspace.Usages(), "chat: AI answers", ""},
	} {
		for _, action := range []inbox.Action{inbox.ActionUnassign, inbox.ActionReturn} {
			d := world.New(t)
			withReasons(d, row.demanded...)
			by := world.AsMember(world.Manager)
			if row.state == "chat: mine" {
				by = world.AsMember(world.Me)
			}
			r := d.Begin(t, row.state)
			a := d.Access(t, by)
			require.Equal(t, row.want, access.ReasonNeeded(a, d.Stored(t, r.Conversation), action), "%s %s", name, action)
			if row.want == "" {
				continue
			}
			do := memberActs()[map[inbox.Action]string{inbox.ActionUnassign: "unassign", inbox.ActionReturn: "return"}[action]]
			_, err := do(t.Context(), d, by, r)
			require.Equal(t, row.want, world.Refused(t, err, inbox.ReasonRequired).Usage)
			r.ReasonCode = workspace.ReasonCodeID(row.want)
			out, err := do(t.Context(), d, by, r)
			require.NoError(t, err)
			require.Equal(t, r.ReasonCode, out.Event.ReasonCode)
		}
	}
}
