package inbox_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/inbox/contacts"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
)

func ticketTo(to access.Owner) desk.NewConversation {
	return desk.NewConversation{Subject: "Invoice", To: to, Contact: contacts.NewContact{Name: "Vera", Email: "vera@example.test"}}
}

// B:N1, B:A3
func TestCreateTicket(t *testing.T) {
	for name, c := range map[string]struct {
		by       inbox.Principal
		ask      desk.NewConversation
		setUp    func(d *deskWorld)
		want     inbox.Code
		assignee workspace.MemberID
		team     workspace.TeamID
		warnings []inbox.Warning
	}{
		"by a member, to a member":     {by: asMember(me), ask: ticketTo(access.Owner{Member: mate}), assignee: mate},
		"by a member, to oneself":      {by: asMember(me), ask: ticketTo(access.Owner{Member: me}), assignee: me},
		"by an agent, to a member":     {by: asAgent(bot), ask: ticketTo(access.Owner{Member: mate}), assignee: mate},
		"by an integration, to a team": {by: asPartner(), ask: ticketTo(access.Owner{Team: sales}), team: sales},
		"to who is away":               {by: asMember(me), ask: ticketTo(access.Owner{Member: mate}), setUp: away, assignee: mate, warnings: []inbox.Warning{inbox.WarnTargetAway}},
		"to a team, by the rules": {by: asMember(me), ask: ticketTo(access.Owner{Team: sales}), assignee: stranger, team: sales,
			setUp: func(d *deskWorld) { d.rules(func(r *workspace.Rules) { r.AutoAssignTickets = true }) }}, // B:Q11
		"to a team that keeps it": {by: asMember(me), ask: ticketTo(access.Owner{Team: sales}), team: sales,
			setUp: func(d *deskWorld) {
				d.rules(func(r *workspace.Rules) { r.AutoAssignTickets, r.TeamTarget = true, workspace.TeamTargetPool })
			}}, // B:A5
		"to nobody":          {by: asMember(me), ask: ticketTo(access.Owner{}), want: inbox.AssigneeRequired},
		"to an AI agent":     {by: asMember(me), ask: ticketTo(access.Owner{Agent: bot}), want: inbox.AssigneeNotHuman},
		"to no live agent":   {by: asMember(me), ask: ticketTo(access.Owner{Member: observer}), want: inbox.TargetNotPermitted},
		"to no team of ours": {by: asMember(me), ask: ticketTo(access.Owner{Team: "foreign"}), want: inbox.TargetNotPermitted},
		"by an observer":     {by: asMember(observer), ask: ticketTo(access.Owner{Member: mate}), want: inbox.PermissionDenied},
		"by a contact":       {by: asContact("c"), ask: ticketTo(access.Owner{Member: mate}), want: inbox.PermissionDenied},
		"without a subject":  {by: asMember(me), ask: desk.NewConversation{To: access.Owner{Member: mate}}, want: inbox.InvalidInput},
		"a long subject":     {by: asMember(me), ask: desk.NewConversation{Subject: long(inbox.MaxSubject + 1), To: access.Owner{Member: mate}}, want: inbox.InvalidInput},
		"a long message":     {by: asMember(me), ask: desk.NewConversation{Subject: "S", Message: long(inbox.MaxMessage + 1)}, want: inbox.InvalidInput},
		"a long external id": {by: asMember(me), ask: desk.NewConversation{Subject: "S", ExternalID: long(inbox.MaxKey)}, want: inbox.InvalidInput},
		"an unknown caller":  {by: asMember("nobody"), ask: ticketTo(access.Owner{Member: mate}), want: inbox.Unauthenticated},
		"an overlong key":    {by: asMember(me), ask: desk.NewConversation{Subject: "S", Key: long(inbox.MaxKey)}, want: inbox.InvalidInput},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			if c.setUp != nil {
				c.setUp(d)
			}
			out, err := d.Intake.CreateTicket(t.Context(), c.by, c.ask)
			require.Equal(t, c.want, inbox.CodeOf(err), "%v", err)
			if err != nil {
				require.Empty(t, d.conversations)
				return
			}
			got := out.Conversation
			require.Equal(t, got, d.stored(t, got.ID))
			require.Equal(t, workspace.Ticket, got.Kind)
			require.Equal(t, c.assignee, got.Assignee)
			require.Equal(t, c.team, got.Team)
			require.Equal(t, c.warnings, out.Warnings)
			require.Equal(t, "web", got.Channel)
			require.Equal(t, c.assignee == stranger, got.Automatic, "only the rules choose by themselves")
			require.Equal(t, "Vera", d.contacts[got.Contact].Name)
			require.Equal(t, c.assignee == "", got.Waiting())
			if c.assignee != "" {
				require.Equal(t, 1, d.loads[c.assignee].Tickets)
			}
		})
	}
}

func TestStartLivechat(t *testing.T) {
	hello := desk.NewConversation{Message: "Hello", Channel: "web"}
	ofBot := hello
	ofBot.Agent = bot
	ofNobody := hello
	ofNobody.Agent = "foreign"
	for name, c := range map[string]struct {
		by      inbox.Principal
		ask     desk.NewConversation
		setUp   func(d *deskWorld)
		want    inbox.Code
		handler inbox.Handler
		agent   workspace.AgentID
	}{
		"answered by an agent":            {asPartner(), ofBot, nil, "", inbox.HandledByAI, bot},
		"by the agent itself":             {asAgent(otherBot), hello, nil, "", inbox.HandledByAI, otherBot},
		"by the rules":                    {asPartner(), hello, nil, "", inbox.HandledByPerson, ""},
		"nobody is online":                {asPartner(), hello, func(d *deskWorld) { d.alone() }, "", inbox.HandledByQueue, ""},
		"by an agent that does not exist": {asPartner(), ofNobody, nil, inbox.InvalidInput, "", ""},
		"by an observer":                  {asMember(observer), hello, nil, inbox.PermissionDenied, "", ""},
		"by a member":                     {asMember(me), hello, nil, "", inbox.HandledByPerson, ""},
		"by a member, from an agent":      {asMember(me), ofBot, nil, "", inbox.HandledByPerson, bot},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			if c.setUp != nil {
				c.setUp(d)
			}
			out, err := d.Intake.StartLivechat(t.Context(), c.by, c.ask)
			require.Equal(t, c.want, inbox.CodeOf(err), "%v", err)
			if err != nil {
				return
			}
			require.Equal(t, c.handler, out.Conversation.Handler())
			require.Equal(t, c.agent, out.Conversation.OriginAgent)
			author := c.by.Actor
			if author.Kind == workspace.ActorPartner {
				author = workspace.Actor{Kind: workspace.ActorContact, ID: string(out.Conversation.Contact)}
			}
			require.Equal(t, author, out.Event.Messages[0].Author, "who speaks, B:N2")
			if member := c.by.Actor.Member(); member != "" {
				require.Equal(t, member, out.Conversation.Assignee, "B:N2")
				require.True(t, out.Conversation.AIStopped)
			}
			require.Equal(t, "Hello", out.Conversation.LastMessage.Body)
		})
	}
}

// The same external id again answers with what exists.
func TestCreateByExternalID(t *testing.T) {
	d := newDesk(t)
	ask := ticketTo(access.Owner{Member: me})
	ask.ExternalID = "order-1"
	first, err := d.Intake.CreateTicket(t.Context(), asMember(me), ask)
	require.NoError(t, err)
	_, err = d.Desk.SetStatus(t.Context(), asMember(me), desk.Request{Conversation: first.Conversation.ID}, inbox.Unset)
	require.NoError(t, err)
	again, err := d.Intake.CreateTicket(t.Context(), asMember(me), ask)
	require.NoError(t, err)
	require.Equal(t, first.Event, again.Event)
	require.Equal(t, inbox.Unset, again.Conversation.Status, "as it is now")
	require.Len(t, d.conversations, 1)
	require.Empty(t, again.Warnings)
	other := ask
	other.Subject = "Another one"
	again, err = d.Intake.CreateTicket(t.Context(), asMember(me), other)
	require.NoError(t, err)
	require.Equal(t, []inbox.Warning{inbox.WarnExists}, again.Warnings, "what was given is not dropped in silence")
	other = ask
	other.To = access.Owner{Team: billing}
	again, err = d.Intake.CreateTicket(t.Context(), asMember(me), other)
	require.NoError(t, err)
	require.Equal(t, []inbox.Warning{inbox.WarnExists}, again.Warnings)

	// Who may not see it is not shown it.
	ask.To = access.Owner{Member: stranger}
	_, err = d.Intake.CreateTicket(t.Context(), asMember(stranger), ask)
	require.Equal(t, []string{"externalId"}, refused(t, err, inbox.InvalidInput).Field)

	// Two at once make one.
	ask.ExternalID, ask.To = "order-2", access.Owner{Member: me}
	d.meanwhileDo(t, func(ctx context.Context) error {
		var err error
		first, err = d.Intake.CreateTicket(ctx, asMember(me), ask)
		return err
	})
	again, err = d.Intake.CreateTicket(t.Context(), asMember(me), ask)
	require.NoError(t, err)
	require.Equal(t, first.Conversation, again.Conversation)
	require.Equal(t, first.Event, again.Event)
	require.Len(t, d.conversations, 2)
}

func TestCreateIsIdempotent(t *testing.T) {
	d := newDesk(t)
	ask := ticketTo(access.Owner{Member: me})
	ask.Key = "once"
	first, err := d.Intake.CreateTicket(t.Context(), asMember(me), ask)
	require.NoError(t, err)
	again, err := d.Intake.CreateTicket(t.Context(), asMember(me), ask)
	require.NoError(t, err)
	require.Equal(t, first, again)
	require.Equal(t, 1, d.commits, "a repeat is known before it is written")
	ask.Subject = "Another"
	_, err = d.Intake.CreateTicket(t.Context(), asMember(me), ask)
	require.Equal(t, []string{"idempotencyKey"}, refused(t, err, inbox.InvalidInput).Field)
	_, err = d.Intake.StartLivechat(t.Context(), asMember(me), ask)
	refused(t, err, inbox.InvalidInput)

	for range 20 {
		d.refuse = append(d.refuse, commit.ErrStale)
	}
	_, err = d.Intake.CreateTicket(t.Context(), asMember(me), ticketTo(access.Owner{Member: me}))
	refused(t, err, inbox.Unavailable)
	d.fault = &inbox.Error{Code: inbox.Unavailable, Message: "down"}
	_, err = d.Intake.CreateTicket(t.Context(), asMember(me), ask)
	refused(t, err, inbox.Unavailable)
}

// A contact of a known external id is the one that exists, with the name it has.
func TestContactIsUsedAgain(t *testing.T) {
	d := newDesk(t)
	ask := ticketTo(access.Owner{Member: me})
	ask.Contact.ExternalID = "customer-7"
	first, err := d.Intake.CreateTicket(t.Context(), asMember(me), ask)
	require.NoError(t, err)
	ask.Contact.Name = "Somebody else"
	second, err := d.Intake.CreateTicket(t.Context(), asMember(me), ask)
	require.NoError(t, err)
	require.Equal(t, first.Conversation.Contact, second.Conversation.Contact)
	require.Equal(t, "Vera", second.Conversation.ContactName)
	require.NotEqual(t, first.Conversation.ID, second.Conversation.ID)

	// The contact is made meanwhile by another server.
	ask.Contact.ExternalID = "customer-8"
	d.meanwhileDo(t, func(ctx context.Context) error {
		var err error
		first, err = d.Intake.CreateTicket(ctx, asMember(me), ask)
		return err
	})
	second, err = d.Intake.CreateTicket(t.Context(), asMember(me), ask)
	require.NoError(t, err)
	require.Equal(t, first.Conversation.Contact, second.Conversation.Contact)
	require.Len(t, d.contacts, 2)

	// Without an external id each is a contact of its own.
	for range 2 {
		_, err = d.Intake.CreateTicket(t.Context(), asMember(me), ticketTo(access.Owner{Member: me}))
		require.NoError(t, err)
	}
	require.Len(t, d.contacts, 4)
}

// A new chat whose chosen member is full goes to the next. B:Q6
func TestCreateAtTheCap(t *testing.T) {
	d := newDesk(t)
	d.alone(me)
	d.rules(func(r *workspace.Rules) { r.MaxAutoAssigned = 1 })
	d.meanwhile = func() { d.busy(me, 1) }
	out, err := d.Intake.StartLivechat(t.Context(), asPartner(), desk.NewConversation{})
	require.NoError(t, err)
	require.True(t, out.Conversation.Waiting())
	require.Equal(t, 1, d.loads[me].Open())
}
