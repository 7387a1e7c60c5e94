package desk_test

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/contacts"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// formerlyMine is a chat that me had and that went back to its agent.
func formerlyMine() inbox.Conversation {
	return world.Closed(world.Formerly(world.NewConversation(workspace.Livechat), world.Me))
}

// closings are closed conversations by the names that reopening.csv gives them.
func closings() map[string]inbox.Conversation {
	chat := world.NewConversation(workspace.Livechat)
	byHand := chat
	byHand.OriginAgent = ""
	dismissed := formerlyMine()
	dismissed.OriginAgent = "removed"
	return map[string]inbox.Conversation{
		"chat, back from me":         formerlyMine(),
		"chat, never owned":          world.Closed(chat),
		"chat, kept by me":           world.Closed(world.Owned(chat, world.Me, "")),
		"chat, taken off me":         world.Closed(world.Stopped(world.Formerly(chat, world.Me))),
		"chat, its AI removed":       dismissed,
		"chat without AI, mine once": world.Closed(world.Stopped(world.Formerly(byHand, world.Me))),
		"ticket, mine":               world.Closed(world.Owned(world.NewConversation(workspace.Ticket), world.Me, world.Billing)),
	}
}

// presences are who is there when something is opened again.
func presences() map[string]func(*world.Inbox) {
	return map[string]func(*world.Inbox){
		"me and mate":           func(d *world.Inbox) { d.Alone(world.Me, world.Mate); d.Busy(world.Me, 1) },
		"mate":                  func(d *world.Inbox) { d.Alone(world.Mate) },
		"nobody":                func(d *world.Inbox) { d.Alone() },
		"me at the cap, mate":   func(d *world.Inbox) { d.Alone(world.Me, world.Mate); d.Busy(world.Me, 10) },
		"me below the cap":      func(d *world.Inbox) { d.Alone(world.Me, world.Mate); d.Busy(world.Me, 9) },
		"me full at the commit": func(d *world.Inbox) { d.Alone(world.Me, world.Mate); d.Meanwhile = func() { d.Busy(world.Me, 10) } },
		"me an observer, mate": func(d *world.Inbox) {
			d.Alone(world.Me, world.Mate)
			d.Member(world.Me, func(m *workspace.Member) { m.Roles = []workspace.RoleName{"observer"} })
		},
		"me removed, mate": func(d *world.Inbox) {
			d.Alone(world.Mate)
			d.Member(world.Me, func(m *workspace.Member) { m.Removed, m.Availability = true, workspace.Online })
		},
	}
}

// reopeners are all doors by which a closed conversation is opened again by
// somebody who neither owned it nor is its AI agent. said says whether something is
// written by it.
func reopeners() map[string]func(*world.Inbox) (said string, err error) {
	ctx, r := context.Background(), desk.Request{Conversation: "c"}
	return map[string]func(*world.Inbox) (string, error){
		"a status is set": func(d *world.Inbox) (string, error) {
			_, err := d.Desk.SetStatus(ctx, world.AsMember(world.Manager), r, inbox.Open)
			return "", err
		},
		"a colleague replies": func(d *world.Inbox) (string, error) {
			_, err := d.Messages.ReopenAndReply(ctx, world.AsMember(world.Manager), say("Once more"))
			return "Once more", err
		},
		"the contact writes": func(d *world.Inbox) (string, error) {
			_, err := d.Messages.Send(ctx, world.AsContact("c"), say("Once more"))
			return "Once more", err
		},
		"the contact reopens": func(d *world.Inbox) (string, error) {
			_, err := d.Messages.ReopenAndReply(ctx, world.AsContact("c"), say("Once more"))
			return "Once more", err
		},
		"the contact sets the status": func(d *world.Inbox) (string, error) {
			_, err := d.Desk.SetStatus(ctx, world.AsContact("c"), r, inbox.Open)
			return "", err
		},
		"a key posts": func(d *world.Inbox) (string, error) {
			_, err := d.Messages.Post(ctx, world.AsPartner(), desk.Posting{Conversation: desk.ConversationRef{ID: "c"}, Body: "Once more", ExternalID: "m"})
			return "Once more", err
		},
		"a key starts it again": func(d *world.Inbox) (string, error) {
			c := d.Threads["c"]
			c.ExternalID = "mine"
			d.Threads["c"] = c
			d.People["visitor"] = inbox.Contact{ID: "visitor", Workspace: world.Home, ExternalID: "v"}
			start := d.Intake.StartLivechat
			if c.Kind == workspace.Ticket { // no mutation gives a ticket words
				_, err := d.Messages.Post(ctx, world.AsPartner(), desk.Posting{Conversation: desk.ConversationRef{ExternalID: "mine"}, Body: "Once more"})
				return "Once more", err
			}
			_, err := start(ctx, world.AsPartner(), desk.NewConversation{ExternalID: "mine", Contact: contacts.NewContact{ExternalID: "v"}, Message: "Once more"})
			return "Once more", err
		},
	}
}

// Who answers what is open again goes by rule onReopen, and by nothing that differs
// between the doors. B:C3, B:C4
func TestReopening(t *testing.T) {
	met := map[string]bool{}
	for _, r := range world.ReadTable(t, "reopening.csv") {
		for name, open := range reopeners() {
			t.Run(r.String()+" "+name, func(t *testing.T) {
				d := world.New(t)
				world.SetRule(t, &d.World.Roster.Workspace, "onReopen", r.Get(t, "onReopen"))
				presences()[r.Get(t, "there")](d)
				met[r.Get(t, "closed")], met[r.Get(t, "there")], met[r.Get(t, "onReopen")] = true, true, true
				c := closings()[r.Get(t, "closed")]
				require.NotEmpty(t, c.ID)
				d.Put(c)
				said, err := open(d)
				require.NoError(t, err)
				after := d.Stored(t, "c")
				got := string(after.Handler())
				if after.Owned() {
					got = string(after.Assignee)
				}
				require.Equal(t, r.Get(t, "answers"), got)
				require.Equal(t, inbox.Open, after.Status)
				require.Equal(t, after.Owned(), after.Automatic)
				require.Len(t, d.Recorded(), 1, "opened and written in one transaction")
				e := d.Recorded()[0]
				require.Equal(t, inbox.EventReopened, e.Kind)
				require.Equal(t, said != "", slices.ContainsFunc(e.Messages, func(m inbox.Message) bool { return m.Body == said }))
			})
		}
	}
	for _, name := range slices.Concat(world.Names(closings()), world.Names(presences()), []string{"ORIGIN_AI", "FORMER_OWNER", "ROUTE"}) {
		require.True(t, met[name], "no row has %q", name)
	}
}

// Whatever the rules and whoever is there, each door that opens what is closed
// leaves the same ownership, and no word is lost. B:C3, B:C4
func TestEveryReopeningIsTheSame(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := closings()[rapid.SampledFrom(world.Names(closings())).Draw(rt, "closed")]
		there := presences()[rapid.SampledFrom(world.Names(presences())).Draw(rt, "there")]
		rules := workspace.DefaultRules()
		rules.OnReopen = rapid.SampledFrom([]workspace.OnReopen{workspace.ReopenWithOriginAI, workspace.ReopenWithFormerOwner, workspace.ReopenByRoute}).Draw(rt, "onReopen")
		rules.AIWhenAssigned = rapid.SampledFrom([]workspace.AIWhenAssigned{workspace.AIStops, workspace.AIStopsOnClaim, workspace.AIContinues}).Draw(rt, "aiWhenAssigned")
		rules.AutoAssignTickets = rapid.Bool().Draw(rt, "autoAssignTickets")
		rules.SendPolicy = rapid.SampledFrom([]workspace.SendPolicy{workspace.SendOwnerIfOwned, workspace.SendAssigneeAlways, workspace.SendAnyone}).Draw(rt, "sendPolicy")
		rules.CloseActor = rapid.SampledFrom([]workspace.CloseActor{workspace.CloseByAssignee, workspace.CloseByAnyone}).Draw(rt, "closeActor")
		results := map[inbox.Ownership][]string{}
		for name, open := range reopeners() {
			d := world.New(t)
			d.World.Roster.Workspace.Rules = rules
			there(d)
			d.Put(c)
			if said, err := open(d); err != nil || said != "" && !heard(d, said) {
				rt.Fatalf("%s: %q is not written: %v", name, said, err)
			}
			results[d.Stored(t, "c").Ownership] = append(results[d.Stored(t, "c").Ownership], name)
		}
		if len(results) != 1 {
			rt.Fatalf("the doors differ: %+v", results)
		}
	})
}

// heard reports whether a text is among the messages.
func heard(d *world.Inbox, body string) bool {
	return slices.ContainsFunc(d.Said(), func(m inbox.Message) bool { return m.Body == body })
}

// Who opens what they owned keeps it, away or over the cap. The AI agent goes on
// with what it opens itself. B:C4
func TestReopenByWhoHadIt(t *testing.T) {
	kept := world.Closed(world.Owned(world.NewConversation(workspace.Livechat), world.Me, ""))
	for name, c := range map[string]struct {
		closed   inbox.Conversation
		by       inbox.Principal
		setUp    func(d *world.Inbox)
		want     inbox.Code
		assignee workspace.MemberID
		handler  inbox.Handler
	}{
		"the former owner":                        {formerlyMine(), world.AsMember(world.Me), nil, "", world.Me, inbox.HandledByPerson},
		"the former owner, over the cap":          {formerlyMine(), world.AsMember(world.Me), func(d *world.Inbox) { d.Busy(world.Me, 10) }, "", world.Me, inbox.HandledByPerson},
		"the former owner, away":                  {formerlyMine(), world.AsMember(world.Me), func(d *world.Inbox) { d.Alone(world.Mate) }, "", world.Me, inbox.HandledByPerson},
		"the agent, of what was given back to it": {formerlyMine(), world.AsAgent(world.Bot), nil, "", "", inbox.HandledByAI}, // B:C1
		"the agent, of what a person keeps":       {kept, world.AsAgent(world.Bot), nil, inbox.TakeoverRequired, "", ""},      // B:H3
		"an observer":                             {kept, world.AsMember(world.Observer), nil, inbox.PermissionDenied, "", ""},
		"of what is open":                         {world.NewConversation(workspace.Livechat), world.AsMember(world.Me), nil, inbox.InvalidInput, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := world.New(t)
			d.Rules(func(r *workspace.Rules) { r.OnReopen = workspace.ReopenWithFormerOwner })
			if c.setUp != nil {
				c.setUp(d)
			}
			d.Put(c.closed)
			sent, err := d.Messages.ReopenAndReply(t.Context(), c.by, sayAt("Once more", 2))
			require.Equal(t, c.want, inbox.CodeOf(err), "%v", err)
			if err != nil {
				require.Empty(t, d.Recorded())
				return
			}
			after := d.Stored(t, "c")
			require.Equal(t, c.assignee, after.Assignee)
			require.Equal(t, c.handler, after.Handler())
			require.False(t, after.Automatic)
			require.Equal(t, c.by.Actor, sent.Message.Author)
		})
	}
}

func TestReopenAndReplyInput(t *testing.T) {
	d := world.New(t)
	d.Put(formerlyMine())
	_, err := d.Messages.ReopenAndReply(t.Context(), world.AsMember(world.Me), say(" "))
	require.Equal(t, []string{"body"}, world.Refused(t, err, inbox.InvalidInput).Field)
	whisper := say("psst")
	whisper.Internal = true
	_, err = d.Messages.ReopenAndReply(t.Context(), world.AsContact("c"), whisper)
	require.Equal(t, []string{"internal"}, world.Refused(t, err, inbox.InvalidInput).Field)
	_, err = d.Messages.ReopenAndReply(t.Context(), world.AsAgent(world.Bot), sayAt("Hi", 1))
	world.Refused(t, err, inbox.StaleEpoch)
	_, err = d.Messages.ReopenAndReply(t.Context(), world.AsAgent(world.Bot), say("Hi"))
	require.Equal(t, []string{"epoch"}, world.Refused(t, err, inbox.InvalidInput).Field)
	require.Empty(t, d.Recorded())

	r := say("Hi")
	r.Key = "once"
	first, err := d.Messages.ReopenAndReply(t.Context(), world.AsContact("c"), r)
	require.NoError(t, err)
	again, err := d.Messages.ReopenAndReply(t.Context(), world.AsContact("c"), r)
	require.NoError(t, err)
	require.Equal(t, first, again)
	require.Len(t, d.Recorded(), 1)
}

// B:C4
func TestStartNew(t *testing.T) {
	mine := formerlyMine()
	noAgent := mine
	noAgent.OriginAgent = ""
	teamTicket := world.Closed(world.Owned(world.NewConversation(workspace.Ticket), world.Me, world.Sales))
	ticket := world.Closed(world.Owned(world.NewConversation(workspace.Ticket), world.Me, ""))
	oneThread := mine
	oneThread.Channel = "whatsapp"
	for name, c := range map[string]struct {
		closed   inbox.Conversation
		by       inbox.Principal
		want     inbox.Code
		assignee workspace.MemberID
		handler  inbox.Handler
		team     workspace.TeamID
	}{
		"by a member, who owns it":      {mine, world.AsMember(world.Mate), "", world.Mate, inbox.HandledByPerson, ""},
		"by the contact, to the agent":  {mine, world.AsContact("c"), "", "", inbox.HandledByAI, ""},
		"by the contact, by the rules":  {noAgent, world.AsContact("c"), "", world.Stranger, inbox.HandledByPerson, ""},
		"a ticket, to its team":         {teamTicket, world.AsContact("c"), "", "", inbox.HandledByQueue, world.Sales},
		"a ticket, to its assignee":     {ticket, world.AsContact("c"), "", world.Me, inbox.HandledByPerson, ""},
		"on a channel of one thread":    {oneThread, world.AsMember(world.Me), inbox.InvalidInput, "", "", ""},
		"of what is open":               {world.NewConversation(workspace.Livechat), world.AsMember(world.Me), inbox.InvalidInput, "", "", ""},
		"by an observer":                {mine, world.AsMember(world.Observer), inbox.PermissionDenied, "", "", ""},
		"by the contact of another one": {mine, world.AsContact("another"), inbox.NotFound, "", "", ""},
		"by nobody":                     {mine, world.AsMember("nobody"), inbox.Unauthenticated, "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := world.New(t)
			if c.assignee == world.Stranger {
				d.Alone(world.Stranger)
			}
			d.Put(c.closed)
			sent, err := d.Messages.StartNew(t.Context(), c.by, "c", "Something else", "")
			require.Equal(t, c.want, inbox.CodeOf(err), "%v", err)
			if err != nil {
				require.Empty(t, d.Recorded())
				return
			}
			fresh := d.Stored(t, sent.Conversation.ID)
			require.NotEqual(t, c.closed.ID, fresh.ID)
			require.Equal(t, c.closed.ID, fresh.Previous)
			c.closed.Next = fresh.ID
			c.closed.Revision++
			require.Equal(t, c.closed, d.Stored(t, "c"), "the old one stays as it is, but for its successor")
			require.Equal(t, c.assignee, fresh.Assignee)
			require.Equal(t, c.handler, fresh.Handler())
			require.Equal(t, c.team, fresh.Team)
			require.Equal(t, c.closed.Contact, fresh.Contact)
			require.Equal(t, c.closed.Subject, fresh.Subject)
			require.Equal(t, "Something else", sent.Message.Body)
			require.Equal(t, c.by.Actor, sent.Message.Author)
		})
	}
}

func TestStartNewIsIdempotent(t *testing.T) {
	d := world.New(t)
	d.Put(formerlyMine())
	first, err := d.Messages.StartNew(t.Context(), world.AsMember(world.Me), "c", "Again", "once")
	require.NoError(t, err)
	again, err := d.Messages.StartNew(t.Context(), world.AsMember(world.Me), "c", "Again", "once")
	require.NoError(t, err)
	require.Equal(t, first, again)
	require.Equal(t, 1, d.Commits, "a repeat is known before it is written")
	_, err = d.Messages.StartNew(t.Context(), world.AsMember(world.Me), "c", "Other", "once")
	world.Refused(t, err, inbox.InvalidInput)
	_, err = d.Messages.StartNew(t.Context(), world.AsMember(world.Me), "c", "", "x")
	world.Refused(t, err, inbox.InvalidInput)
	_, err = d.Messages.StartNew(t.Context(), world.AsMember(world.Me), "c", "Again", world.Long(inbox.MaxKey))
	world.Refused(t, err, inbox.InvalidInput)
	_, err = d.Messages.StartNew(t.Context(), world.AsMember(world.Me), "x", "Again", "")
	world.Refused(t, err, inbox.NotFound)

	d.MeanwhileDo(t, func(ctx context.Context) error {
		var err error
		first, err = d.Messages.StartNew(ctx, world.AsMember(world.Me), "c", "Both", "twice")
		return err
	})
	again, err = d.Messages.StartNew(t.Context(), world.AsMember(world.Me), "c", "Both", "twice")
	require.NoError(t, err)
	require.Equal(t, first, again)
	d.Refuse = []error{commit.ErrDuplicateKey}
	_, err = d.Messages.StartNew(t.Context(), world.AsMember(world.Me), "c", "Again", "")
	require.Equal(t, inbox.Internal, inbox.CodeOf(err))
	for range 20 {
		d.Refuse = append(d.Refuse, commit.ErrStale)
	}
	_, err = d.Messages.StartNew(t.Context(), world.AsMember(world.Me), "c", "Again", "")
	world.Refused(t, err, inbox.Unavailable)
}
