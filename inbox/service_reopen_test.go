package inbox_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
)

// formerlyMine is a chat that me had and that went back to its agent.
func formerlyMine() inbox.Conversation {
	return closed(formerly(newConversation(inbox.Livechat), me))
}

// B:C4
func TestReopenAndReply(t *testing.T) {
	neverOwned := closed(newConversation(inbox.Livechat))
	kept := closed(owned(newConversation(inbox.Livechat), me, ""))
	ticket := closed(owned(newConversation(inbox.Ticket), me, billing))
	for name, c := range map[string]struct {
		closed    inbox.Conversation
		by        inbox.Principal
		setUp     func(d *desk)
		want      inbox.Code
		assignee  inbox.MemberID
		handler   inbox.Handler
		automatic bool
	}{
		"the contact, the former owner is there":               {formerlyMine(), asContact("c"), nil, "", me, inbox.HandledByPerson, true},
		"the contact, the owner kept it":                       {kept, asContact("c"), nil, "", me, inbox.HandledByPerson, true},
		"the contact, the owner of a ticket":                   {ticket, asContact("c"), nil, "", me, inbox.HandledByPerson, true},
		"the contact, the former owner is away":                {formerlyMine(), asContact("c"), func(d *desk) { d.alone(mate) }, "", mate, inbox.HandledByPerson, true},
		"the contact, the former owner is full":                {formerlyMine(), asContact("c"), func(d *desk) { d.alone(me, mate); d.busy(me, 10) }, "", mate, inbox.HandledByPerson, true},
		"the contact, the former owner below the cap":          {formerlyMine(), asContact("c"), func(d *desk) { d.alone(me, mate); d.busy(me, 9) }, "", me, inbox.HandledByPerson, true},
		"the contact, the former owner was full at the commit": {formerlyMine(), asContact("c"), func(d *desk) { d.alone(me, mate); d.meanwhile = func() { d.busy(me, 10) } }, "", mate, inbox.HandledByPerson, true},
		"the contact, the former owner is gone": {formerlyMine(), asContact("c"), func(d *desk) {
			d.alone(mate)
			d.member(me, func(m *inbox.Member) { m.Removed, m.Availability = true, inbox.Online })
		}, "", mate, inbox.HandledByPerson, true},
		"the contact, the former owner may no longer": {formerlyMine(), asContact("c"), func(d *desk) {
			d.alone(me, mate)
			d.member(me, func(m *inbox.Member) { m.Roles = []inbox.RoleName{"observer"} })
		}, "", mate, inbox.HandledByPerson, true},
		"the contact, nobody is there":            {formerlyMine(), asContact("c"), func(d *desk) { d.alone() }, "", "", inbox.HandledByQueue, false},
		"the contact, the owner kept it and left": {kept, asContact("c"), func(d *desk) { d.alone() }, "", "", inbox.HandledByQueue, false},
		"the contact of a ticket, tickets wait":   {ticket, asContact("c"), func(d *desk) { d.alone(mate) }, "", "", inbox.HandledByQueue, false}, // B:Q11
		"the contact of what the AI alone had":    {neverOwned, asContact("c"), nil, "", "", inbox.HandledByAI, false},
		"the former owner":                        {formerlyMine(), asMember(me), nil, "", me, inbox.HandledByPerson, false},
		"the former owner, over the cap":          {formerlyMine(), asMember(me), func(d *desk) { d.busy(me, 10) }, "", me, inbox.HandledByPerson, false},
		"a mate, the former owner is there":       {formerlyMine(), asMember(mate), nil, "", me, inbox.HandledByPerson, true},
		"a mate, the former owner is away":        {formerlyMine(), asMember(mate), func(d *desk) { d.alone(senior) }, "", mate, inbox.HandledByPerson, false},
		"a mate of what the AI alone had":         {neverOwned, asMember(mate), nil, "", mate, inbox.HandledByPerson, false},
		"the agent":                               {neverOwned, asAgent(bot), nil, "", "", inbox.HandledByAI, false},
		"the agent, of what was given back to it": {formerlyMine(), asAgent(bot), nil, "", "", inbox.HandledByAI, false}, // B:C1
		"the agent, of what a person keeps":       {kept, asAgent(bot), nil, inbox.TakeoverRequired, "", "", false},      // B:H3
		"an observer":                             {kept, asMember(observer), nil, inbox.PermissionDenied, "", "", false},
		"of what is open":                         {newConversation(inbox.Livechat), asMember(me), nil, inbox.InvalidInput, "", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			if c.setUp != nil {
				c.setUp(d)
			}
			d.put(c.closed)
			loads := d.loads[c.assignee]
			sent, err := d.ReopenAndReply(t.Context(), c.by, sayAt("Once more", 2))
			require.Equal(t, c.want, inbox.CodeOf(err), "%v", err)
			if err != nil {
				require.Empty(t, d.recorded())
				return
			}
			after := d.stored(t, "c")
			require.Equal(t, inbox.Open, after.Status)
			require.Equal(t, c.assignee, after.Assignee)
			require.Equal(t, c.handler, after.Handler())
			require.Equal(t, c.automatic, after.Automatic)
			require.Equal(t, "Once more", sent.Message.Body)
			require.Equal(t, c.by.Actor, sent.Message.Author)
			require.Len(t, d.recorded(), 1, "reopened and sent in one transaction")
			require.Equal(t, inbox.EventReopened, d.recorded()[0].Kind)
			if c.assignee != "" {
				require.Equal(t, loads.Open()+1, d.loads[c.assignee].Open())
			}
		})
	}
}

func TestReopenAndReplyInput(t *testing.T) {
	d := newDesk(t)
	d.put(formerlyMine())
	_, err := d.ReopenAndReply(t.Context(), asMember(me), say(" "))
	require.Equal(t, []string{"body"}, refused(t, err, inbox.InvalidInput).Field)
	whisper := say("psst")
	whisper.Internal = true
	_, err = d.ReopenAndReply(t.Context(), asContact("c"), whisper)
	require.Equal(t, []string{"internal"}, refused(t, err, inbox.InvalidInput).Field)
	_, err = d.ReopenAndReply(t.Context(), asAgent(bot), sayAt("Hi", 1))
	refused(t, err, inbox.StaleEpoch)
	_, err = d.ReopenAndReply(t.Context(), asAgent(bot), say("Hi"))
	require.Equal(t, []string{"epoch"}, refused(t, err, inbox.InvalidInput).Field)
	require.Empty(t, d.recorded())

	r := say("Hi")
	r.Key = "once"
	first, err := d.ReopenAndReply(t.Context(), asContact("c"), r)
	require.NoError(t, err)
	again, err := d.ReopenAndReply(t.Context(), asContact("c"), r)
	require.NoError(t, err)
	require.Equal(t, first, again)
	require.Len(t, d.recorded(), 1)
}

// B:C4
func TestStartNew(t *testing.T) {
	mine := formerlyMine()
	noAgent := mine
	noAgent.OriginAgent = ""
	teamTicket := closed(owned(newConversation(inbox.Ticket), me, sales))
	ticket := closed(owned(newConversation(inbox.Ticket), me, ""))
	oneThread := mine
	oneThread.Channel = "whatsapp"
	for name, c := range map[string]struct {
		closed   inbox.Conversation
		by       inbox.Principal
		want     inbox.Code
		assignee inbox.MemberID
		handler  inbox.Handler
		team     inbox.TeamID
	}{
		"by a member, who owns it":      {mine, asMember(mate), "", mate, inbox.HandledByPerson, ""},
		"by the contact, to the agent":  {mine, asContact("c"), "", "", inbox.HandledByAI, ""},
		"by the contact, by the rules":  {noAgent, asContact("c"), "", stranger, inbox.HandledByPerson, ""},
		"a ticket, to its team":         {teamTicket, asContact("c"), "", "", inbox.HandledByQueue, sales},
		"a ticket, to its assignee":     {ticket, asContact("c"), "", me, inbox.HandledByPerson, ""},
		"on a channel of one thread":    {oneThread, asMember(me), inbox.InvalidInput, "", "", ""},
		"of what is open":               {newConversation(inbox.Livechat), asMember(me), inbox.InvalidInput, "", "", ""},
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
			sent, err := d.StartNew(t.Context(), c.by, "c", "Something else", "")
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
	first, err := d.StartNew(t.Context(), asMember(me), "c", "Again", "once")
	require.NoError(t, err)
	again, err := d.StartNew(t.Context(), asMember(me), "c", "Again", "once")
	require.NoError(t, err)
	require.Equal(t, first, again)
	require.Equal(t, 1, d.commits, "a repeat is known before it is written")
	_, err = d.StartNew(t.Context(), asMember(me), "c", "Other", "once")
	refused(t, err, inbox.InvalidInput)
	_, err = d.StartNew(t.Context(), asMember(me), "c", "", "x")
	refused(t, err, inbox.InvalidInput)
	_, err = d.StartNew(t.Context(), asMember(me), "c", "Again", long(inbox.MaxKey))
	refused(t, err, inbox.InvalidInput)
	_, err = d.StartNew(t.Context(), asMember(me), "x", "Again", "")
	refused(t, err, inbox.NotFound)

	d.meanwhileDo(t, func(ctx context.Context) error {
		var err error
		first, err = d.StartNew(ctx, asMember(me), "c", "Both", "twice")
		return err
	})
	again, err = d.StartNew(t.Context(), asMember(me), "c", "Both", "twice")
	require.NoError(t, err)
	require.Equal(t, first, again)
	d.refuse = []error{inbox.ErrDuplicateKey}
	_, err = d.StartNew(t.Context(), asMember(me), "c", "Again", "")
	require.Equal(t, inbox.Internal, inbox.CodeOf(err))
	for range 20 {
		d.refuse = append(d.refuse, inbox.ErrStale)
	}
	_, err = d.StartNew(t.Context(), asMember(me), "c", "Again", "")
	refused(t, err, inbox.Unavailable)
}
