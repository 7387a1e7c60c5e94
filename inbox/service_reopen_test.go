package inbox_test

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
)

// formerlyMine is a chat that me had and that went back to its agent.
func formerlyMine() inbox.Conversation {
	return closed(formerly(newConversation(workspace.Livechat), me))
}

// closings are closed conversations by the names that reopening.csv gives them.
func closings() map[string]inbox.Conversation {
	chat := newConversation(workspace.Livechat)
	byHand := chat
	byHand.OriginAgent = ""
	dismissed := formerlyMine()
	dismissed.OriginAgent = "removed"
	return map[string]inbox.Conversation{
		"chat, back from me":         formerlyMine(),
		"chat, never owned":          closed(chat),
		"chat, kept by me":           closed(owned(chat, me, "")),
		"chat, taken off me":         closed(stopped(formerly(chat, me))),
		"chat, its AI removed":       dismissed,
		"chat without AI, mine once": closed(stopped(formerly(byHand, me))),
		"ticket, mine":               closed(owned(newConversation(workspace.Ticket), me, billing)),
	}
}

// presences are who is there when something is opened again.
func presences() map[string]func(*deskWorld) {
	return map[string]func(*deskWorld){
		"me and mate":           func(d *deskWorld) { d.alone(me, mate); d.busy(me, 1) },
		"mate":                  func(d *deskWorld) { d.alone(mate) },
		"nobody":                func(d *deskWorld) { d.alone() },
		"me at the cap, mate":   func(d *deskWorld) { d.alone(me, mate); d.busy(me, 10) },
		"me below the cap":      func(d *deskWorld) { d.alone(me, mate); d.busy(me, 9) },
		"me full at the commit": func(d *deskWorld) { d.alone(me, mate); d.meanwhile = func() { d.busy(me, 10) } },
		"me an observer, mate": func(d *deskWorld) {
			d.alone(me, mate)
			d.member(me, func(m *workspace.Member) { m.Roles = []workspace.RoleName{"observer"} })
		},
		"me removed, mate": func(d *deskWorld) {
			d.alone(mate)
			d.member(me, func(m *workspace.Member) { m.Removed, m.Availability = true, workspace.Online })
		},
	}
}

// reopeners are all doors by which a closed conversation is opened again by
// somebody who neither owned it nor is its AI agent. said says whether something is
// written by it.
func reopeners() map[string]func(*deskWorld) (said string, err error) {
	ctx, r := context.Background(), desk.Request{Conversation: "c"}
	return map[string]func(*deskWorld) (string, error){
		"a status is set": func(d *deskWorld) (string, error) {
			_, err := d.Desk.SetStatus(ctx, asMember(manager), r, inbox.Open)
			return "", err
		},
		"a colleague replies": func(d *deskWorld) (string, error) {
			_, err := d.Messages.ReopenAndReply(ctx, asMember(manager), say("Once more"))
			return "Once more", err
		},
		"the contact writes": func(d *deskWorld) (string, error) {
			_, err := d.Messages.Send(ctx, asContact("c"), say("Once more"))
			return "Once more", err
		},
		"the contact reopens": func(d *deskWorld) (string, error) {
			_, err := d.Messages.ReopenAndReply(ctx, asContact("c"), say("Once more"))
			return "Once more", err
		},
		"the contact sets the status": func(d *deskWorld) (string, error) {
			_, err := d.Desk.SetStatus(ctx, asContact("c"), r, inbox.Open)
			return "", err
		},
		"a key posts": func(d *deskWorld) (string, error) {
			_, err := d.Messages.Post(ctx, asPartner(), desk.Posting{Conversation: desk.ConversationRef{ID: "c"}, Body: "Once more", ExternalID: "m"})
			return "Once more", err
		},
		"a key starts it again": func(d *deskWorld) (string, error) {
			c := d.conversations["c"]
			c.ExternalID = "mine"
			d.conversations["c"] = c
			d.contacts["visitor"] = inbox.Contact{ID: "visitor", Workspace: home, ExternalID: "v"}
			start := d.Intake.StartLivechat
			if c.Kind == workspace.Ticket { // no mutation gives a ticket words
				_, err := d.Messages.Post(ctx, asPartner(), desk.Posting{Conversation: desk.ConversationRef{ExternalID: "mine"}, Body: "Once more"})
				return "Once more", err
			}
			_, err := start(ctx, asPartner(), desk.NewConversation{ExternalID: "mine", Contact: contacts.NewContact{ExternalID: "v"}, Message: "Once more"})
			return "Once more", err
		},
	}
}

// Who answers what is open again goes by rule onReopen, and by nothing that differs
// between the doors. B:C3, B:C4
func TestReopening(t *testing.T) {
	met := map[string]bool{}
	for _, r := range readTable(t, "reopening.csv") {
		for name, open := range reopeners() {
			t.Run(r.String()+" "+name, func(t *testing.T) {
				d := newDesk(t)
				setRule(t, &d.world.directory.Workspace, "onReopen", r.get(t, "onReopen"))
				presences()[r.get(t, "there")](d)
				met[r.get(t, "closed")], met[r.get(t, "there")], met[r.get(t, "onReopen")] = true, true, true
				c := closings()[r.get(t, "closed")]
				require.NotEmpty(t, c.ID)
				d.put(c)
				said, err := open(d)
				require.NoError(t, err)
				after := d.stored(t, "c")
				got := string(after.Handler())
				if after.Owned() {
					got = string(after.Assignee)
				}
				require.Equal(t, r.get(t, "answers"), got)
				require.Equal(t, inbox.Open, after.Status)
				require.Equal(t, after.Owned(), after.Automatic)
				require.Len(t, d.recorded(), 1, "opened and written in one transaction")
				e := d.recorded()[0]
				require.Equal(t, inbox.EventReopened, e.Kind)
				require.Equal(t, said != "", slices.ContainsFunc(e.Messages, func(m inbox.Message) bool { return m.Body == said }))
			})
		}
	}
	for _, name := range slices.Concat(names(closings()), names(presences()), []string{"ORIGIN_AI", "FORMER_OWNER", "ROUTE"}) {
		require.True(t, met[name], "no row has %q", name)
	}
}

// Whatever the rules and whoever is there, each door that opens what is closed
// leaves the same ownership, and no word is lost. B:C3, B:C4
func TestEveryReopeningIsTheSame(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := closings()[rapid.SampledFrom(names(closings())).Draw(rt, "closed")]
		there := presences()[rapid.SampledFrom(names(presences())).Draw(rt, "there")]
		rules := workspace.DefaultRules()
		rules.OnReopen = rapid.SampledFrom([]workspace.OnReopen{workspace.ReopenWithOriginAI, workspace.ReopenWithFormerOwner, workspace.ReopenByRoute}).Draw(rt, "onReopen")
		rules.AIWhenAssigned = rapid.SampledFrom([]workspace.AIWhenAssigned{workspace.AIStops, workspace.AIStopsOnClaim, workspace.AIContinues}).Draw(rt, "aiWhenAssigned")
		rules.AutoAssignTickets = rapid.Bool().Draw(rt, "autoAssignTickets")
		rules.SendPolicy = rapid.SampledFrom([]workspace.SendPolicy{workspace.SendOwnerIfOwned, workspace.SendAssigneeAlways, workspace.SendAnyone}).Draw(rt, "sendPolicy")
		rules.CloseActor = rapid.SampledFrom([]workspace.CloseActor{workspace.CloseByAssignee, workspace.CloseByAnyone}).Draw(rt, "closeActor")
		results := map[inbox.Ownership][]string{}
		for name, open := range reopeners() {
			d := newDesk(t)
			d.world.directory.Workspace.Rules = rules
			there(d)
			d.put(c)
			if said, err := open(d); err != nil || said != "" && !d.heard(said) {
				rt.Fatalf("%s: %q is not written: %v", name, said, err)
			}
			results[d.stored(t, "c").Ownership] = append(results[d.stored(t, "c").Ownership], name)
		}
		if len(results) != 1 {
			rt.Fatalf("the doors differ: %+v", results)
		}
	})
}

// heard reports whether a text is among the messages.
func (d *deskWorld) heard(body string) bool {
	return slices.ContainsFunc(d.messages(), func(m inbox.Message) bool { return m.Body == body })
}

// Who opens what they owned keeps it, away or over the cap. The AI agent goes on
// with what it opens itself. B:C4
func TestReopenByWhoHadIt(t *testing.T) {
	kept := closed(owned(newConversation(workspace.Livechat), me, ""))
	for name, c := range map[string]struct {
		closed   inbox.Conversation
		by       inbox.Principal
		setUp    func(d *deskWorld)
		want     inbox.Code
		assignee workspace.MemberID
		handler  inbox.Handler
	}{
		"the former owner":                        {formerlyMine(), asMember(me), nil, "", me, inbox.HandledByPerson},
		"the former owner, over the cap":          {formerlyMine(), asMember(me), func(d *deskWorld) { d.busy(me, 10) }, "", me, inbox.HandledByPerson},
		"the former owner, away":                  {formerlyMine(), asMember(me), func(d *deskWorld) { d.alone(mate) }, "", me, inbox.HandledByPerson},
		"the agent, of what was given back to it": {formerlyMine(), asAgent(bot), nil, "", "", inbox.HandledByAI}, // B:C1
		"the agent, of what a person keeps":       {kept, asAgent(bot), nil, inbox.TakeoverRequired, "", ""},      // B:H3
		"an observer":                             {kept, asMember(observer), nil, inbox.PermissionDenied, "", ""},
		"of what is open":                         {newConversation(workspace.Livechat), asMember(me), nil, inbox.InvalidInput, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.rules(func(r *workspace.Rules) { r.OnReopen = workspace.ReopenWithFormerOwner })
			if c.setUp != nil {
				c.setUp(d)
			}
			d.put(c.closed)
			sent, err := d.Messages.ReopenAndReply(t.Context(), c.by, sayAt("Once more", 2))
			require.Equal(t, c.want, inbox.CodeOf(err), "%v", err)
			if err != nil {
				require.Empty(t, d.recorded())
				return
			}
			after := d.stored(t, "c")
			require.Equal(t, c.assignee, after.Assignee)
			require.Equal(t, c.handler, after.Handler())
			require.False(t, after.Automatic)
			require.Equal(t, c.by.Actor, sent.Message.Author)
		})
	}
}

func TestReopenAndReplyInput(t *testing.T) {
	d := newDesk(t)
	d.put(formerlyMine())
	_, err := d.Messages.ReopenAndReply(t.Context(), asMember(me), say(" "))
	require.Equal(t, []string{"body"}, refused(t, err, inbox.InvalidInput).Field)
	whisper := say("psst")
	whisper.Internal = true
	_, err = d.Messages.ReopenAndReply(t.Context(), asContact("c"), whisper)
	require.Equal(t, []string{"internal"}, refused(t, err, inbox.InvalidInput).Field)
	_, err = d.Messages.ReopenAndReply(t.Context(), asAgent(bot), sayAt("Hi", 1))
	refused(t, err, inbox.StaleEpoch)
	_, err = d.Messages.ReopenAndReply(t.Context(), asAgent(bot), say("Hi"))
	require.Equal(t, []string{"epoch"}, refused(t, err, inbox.InvalidInput).Field)
	require.Empty(t, d.recorded())

	r := say("Hi")
	r.Key = "once"
	first, err := d.Messages.ReopenAndReply(t.Context(), asContact("c"), r)
	require.NoError(t, err)
	again, err := d.Messages.ReopenAndReply(t.Context(), asContact("c"), r)
	require.NoError(t, err)
	require.Equal(t, first, again)
	require.Len(t, d.recorded(), 1)
}

// B:C4
func TestStartNew(t *testing.T) {
	mine := formerlyMine()
	noAgent := mine
	noAgent.OriginAgent = ""
	teamTicket := closed(owned(newConversation(workspace.Ticket), me, sales))
	ticket := closed(owned(newConversation(workspace.Ticket), me, ""))
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
		"by a member, who owns it":      {mine, asMember(mate), "", mate, inbox.HandledByPerson, ""},
		"by the contact, to the agent":  {mine, asContact("c"), "", "", inbox.HandledByAI, ""},
		"by the contact, by the rules":  {noAgent, asContact("c"), "", stranger, inbox.HandledByPerson, ""},
		"a ticket, to its team":         {teamTicket, asContact("c"), "", "", inbox.HandledByQueue, sales},
		"a ticket, to its assignee":     {ticket, asContact("c"), "", me, inbox.HandledByPerson, ""},
		"on a channel of one thread":    {oneThread, asMember(me), inbox.InvalidInput, "", "", ""},
		"of what is open":               {newConversation(workspace.Livechat), asMember(me), inbox.InvalidInput, "", "", ""},
		"by an observer":                {mine, asMember(observer), inbox.PermissionDenied, "", "", ""},
		"by the contact of another one": {mine, asContact("another"), inbox.NotFound, "", "", ""},
		"by nobody":                     {mine, asMember("nobody"), inbox.Unauthenticated, "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			if c.assignee == stranger {
				d.alone(stranger)
			}
			d.put(c.closed)
			sent, err := d.Messages.StartNew(t.Context(), c.by, "c", "Something else", "")
			require.Equal(t, c.want, inbox.CodeOf(err), "%v", err)
			if err != nil {
				require.Empty(t, d.recorded())
				return
			}
			fresh := d.stored(t, sent.Conversation.ID)
			require.NotEqual(t, c.closed.ID, fresh.ID)
			require.Equal(t, c.closed.ID, fresh.Previous)
			c.closed.Next = fresh.ID
			c.closed.Revision++
			require.Equal(t, c.closed, d.stored(t, "c"), "the old one stays as it is, but for its successor")
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
	d := newDesk(t)
	d.put(formerlyMine())
	first, err := d.Messages.StartNew(t.Context(), asMember(me), "c", "Again", "once")
	require.NoError(t, err)
	again, err := d.Messages.StartNew(t.Context(), asMember(me), "c", "Again", "once")
	require.NoError(t, err)
	require.Equal(t, first, again)
	require.Equal(t, 1, d.commits, "a repeat is known before it is written")
	_, err = d.Messages.StartNew(t.Context(), asMember(me), "c", "Other", "once")
	refused(t, err, inbox.InvalidInput)
	_, err = d.Messages.StartNew(t.Context(), asMember(me), "c", "", "x")
	refused(t, err, inbox.InvalidInput)
	_, err = d.Messages.StartNew(t.Context(), asMember(me), "c", "Again", long(inbox.MaxKey))
	refused(t, err, inbox.InvalidInput)
	_, err = d.Messages.StartNew(t.Context(), asMember(me), "x", "Again", "")
	refused(t, err, inbox.NotFound)

	d.meanwhileDo(t, func(ctx context.Context) error {
		var err error
		first, err = d.Messages.StartNew(ctx, asMember(me), "c", "Both", "twice")
		return err
	})
	again, err = d.Messages.StartNew(t.Context(), asMember(me), "c", "Both", "twice")
	require.NoError(t, err)
	require.Equal(t, first, again)
	d.refuse = []error{commit.ErrDuplicateKey}
	_, err = d.Messages.StartNew(t.Context(), asMember(me), "c", "Again", "")
	require.Equal(t, inbox.Internal, inbox.CodeOf(err))
	for range 20 {
		d.refuse = append(d.refuse, commit.ErrStale)
	}
	_, err = d.Messages.StartNew(t.Context(), asMember(me), "c", "Again", "")
	refused(t, err, inbox.Unavailable)
}
