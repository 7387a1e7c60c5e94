package desk_test

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
	"switchboard/internal/world"
)

func ticketTo(to access.Owner) desk.NewConversation {
	return desk.NewConversation{Subject: "Invoice", To: to, Contact: contacts.NewContact{Name: "Vera", Email: "vera@example.test"}}
}

// B:N1, B:A3
func TestCreateTicket(t *testing.T) {
	for name, c := range map[string]struct {
		by       inbox.Principal
		ask      desk.NewConversation
		setUp    func(d *world.Inbox)
		want     inbox.Code
		assignee workspace.MemberID
		team     workspace.TeamID
		warnings []inbox.Warning
	}{
		"by a member, to a member":     {by: world.AsMember(world.Me), ask: ticketTo(access.Owner{Member: world.Mate}), assignee: world.Mate},
		"by a member, to oneself":      {by: world.AsMember(world.Me), ask: ticketTo(access.Owner{Member: world.Me}), assignee: world.Me},
		"by an agent, to a member":     {by: world.AsAgent(world.Bot), ask: ticketTo(access.Owner{Member: world.Mate}), assignee: world.Mate},
		"by an integration, to a team": {by: world.AsPartner(), ask: ticketTo(access.Owner{Team: world.Sales}), team: world.Sales},
		"to who is away":               {by: world.AsMember(world.Me), ask: ticketTo(access.Owner{Member: world.Mate}), setUp: away, assignee: world.Mate, warnings: []inbox.Warning{inbox.WarnTargetAway}},
		"to a team, by the rules": {by: world.AsMember(world.Me), ask: ticketTo(access.Owner{Team: world.Sales}), assignee: world.Stranger, team: world.Sales,
			setUp: func(d *world.Inbox) { d.Rules(func(r *workspace.Rules) { r.AutoAssignTickets = true }) }}, // B:Q11
		"to a team that keeps it": {by: world.AsMember(world.Me), ask: ticketTo(access.Owner{Team: world.Sales}), team: world.Sales,
			setUp: func(d *world.Inbox) {
				d.Rules(func(r *workspace.Rules) { r.AutoAssignTickets, r.TeamTarget = true, workspace.TeamTargetPool })
			}}, // B:A5
		"to nobody":          {by: world.AsMember(world.Me), ask: ticketTo(access.Owner{}), want: inbox.AssigneeRequired},
		"to an AI agent":     {by: world.AsMember(world.Me), ask: ticketTo(access.Owner{Agent: world.Bot}), want: inbox.AssigneeNotHuman},
		"to no live agent":   {by: world.AsMember(world.Me), ask: ticketTo(access.Owner{Member: world.Observer}), want: inbox.TargetNotPermitted},
		"to no team of ours": {by: world.AsMember(world.Me), ask: ticketTo(access.Owner{Team: "foreign"}), want: inbox.TargetNotPermitted},
		"by an observer":     {by: world.AsMember(world.Observer), ask: ticketTo(access.Owner{Member: world.Mate}), want: inbox.PermissionDenied},
		"by a contact":       {by: world.AsContact("c"), ask: ticketTo(access.Owner{Member: world.Mate}), want: inbox.PermissionDenied},
		"without a subject":  {by: world.AsMember(world.Me), ask: desk.NewConversation{To: access.Owner{Member: world.Mate}}, want: inbox.InvalidInput},
		"a long subject":     {by: world.AsMember(world.Me), ask: desk.NewConversation{Subject: world.Long(inbox.MaxSubject + 1), To: access.Owner{Member: world.Mate}}, want: inbox.InvalidInput},
		"a long message":     {by: world.AsMember(world.Me), ask: desk.NewConversation{Subject: "S", Message: world.Long(inbox.MaxMessage + 1)}, want: inbox.InvalidInput},
		"a long external id": {by: world.AsMember(world.Me), ask: desk.NewConversation{Subject: "S", ExternalID: world.Long(inbox.MaxKey)}, want: inbox.InvalidInput},
		"an unknown caller":  {by: world.AsMember("nobody"), ask: ticketTo(access.Owner{Member: world.Mate}), want: inbox.Unauthenticated},
		"an overlong key":    {by: world.AsMember(world.Me), ask: desk.NewConversation{Subject: "S", Key: world.Long(inbox.MaxKey)}, want: inbox.InvalidInput},
	} {
		t.Run(name, func(t *testing.T) {
			d := world.New(t)
			if c.setUp != nil {
				c.setUp(d)
			}
			out, err := d.Intake.CreateTicket(t.Context(), c.by, c.ask)
			require.Equal(t, c.want, inbox.CodeOf(err), "%v", err)
			if err != nil {
				require.Empty(t, d.Threads)
				return
			}
			got := out.Conversation
			require.Equal(t, got, d.Stored(t, got.ID))
			require.Equal(t, workspace.Ticket, got.Kind)
			require.Equal(t, c.assignee, got.Assignee)
			require.Equal(t, c.team, got.Team)
			require.Equal(t, c.warnings, out.Warnings)
			require.Equal(t, "web", got.Channel)
			require.Equal(t, c.assignee == world.Stranger, got.Automatic, "only the rules choose by themselves")
			require.Equal(t, "Vera", d.People[got.Contact].Name)
			require.Equal(t, c.assignee == "", got.Waiting())
			if c.assignee != "" {
				require.Equal(t, 1, d.Counts[c.assignee].Tickets)
			}
		})
	}
}

func TestStartLivechat(t *testing.T) {
	hello := desk.NewConversation{Message: "Hello", Channel: "web"}
	ofBot := hello
	ofBot.Agent = world.Bot
	ofNobody := hello
	ofNobody.Agent = "foreign"
	for name, c := range map[string]struct {
		by      inbox.Principal
		ask     desk.NewConversation
		setUp   func(d *world.Inbox)
		want    inbox.Code
		handler inbox.Handler
		agent   workspace.AgentID
	}{
		"answered by an agent":            {world.AsPartner(), ofBot, nil, "", inbox.HandledByAI, world.Bot},
		"by the agent itself":             {world.AsAgent(world.OtherBot), hello, nil, "", inbox.HandledByAI, world.OtherBot},
		"by the rules":                    {world.AsPartner(), hello, nil, "", inbox.HandledByPerson, ""},
		"nobody is online":                {world.AsPartner(), hello, func(d *world.Inbox) { d.Alone() }, "", inbox.HandledByQueue, ""},
		"by an agent that does not exist": {world.AsPartner(), ofNobody, nil, inbox.InvalidInput, "", ""},
		"by an observer":                  {world.AsMember(world.Observer), hello, nil, inbox.PermissionDenied, "", ""},
		"by a member":                     {world.AsMember(world.Me), hello, nil, "", inbox.HandledByPerson, ""},
		"by a member, from an agent":      {world.AsMember(world.Me), ofBot, nil, "", inbox.HandledByPerson, world.Bot},
	} {
		t.Run(name, func(t *testing.T) {
			d := world.New(t)
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
	d := world.New(t)
	ask := ticketTo(access.Owner{Member: world.Me})
	ask.ExternalID = "order-1"
	first, err := d.Intake.CreateTicket(t.Context(), world.AsMember(world.Me), ask)
	require.NoError(t, err)
	_, err = d.Desk.SetStatus(t.Context(), world.AsMember(world.Me), desk.Request{Conversation: first.Conversation.ID}, inbox.Unset)
	require.NoError(t, err)
	again, err := d.Intake.CreateTicket(t.Context(), world.AsMember(world.Me), ask)
	require.NoError(t, err)
	require.Equal(t, first.Event, again.Event)
	require.Equal(t, inbox.Unset, again.Conversation.Status, "as it is now")
	require.Len(t, d.Threads, 1)
	require.Empty(t, again.Warnings)
	other := ask
	other.Subject = "Another one"
	again, err = d.Intake.CreateTicket(t.Context(), world.AsMember(world.Me), other)
	require.NoError(t, err)
	require.Equal(t, []inbox.Warning{inbox.WarnExists}, again.Warnings, "what was given is not dropped in silence")
	other = ask
	other.To = access.Owner{Team: world.Billing}
	again, err = d.Intake.CreateTicket(t.Context(), world.AsMember(world.Me), other)
	require.NoError(t, err)
	require.Equal(t, []inbox.Warning{inbox.WarnExists}, again.Warnings)

	// Who may not see it is not shown it.
	ask.To = access.Owner{Member: world.Stranger}
	_, err = d.Intake.CreateTicket(t.Context(), world.AsMember(world.Stranger), ask)
	require.Equal(t, []string{"externalId"}, world.Refused(t, err, inbox.InvalidInput).Field)

	// Two at once make one.
	ask.ExternalID, ask.To = "order-2", access.Owner{Member: world.Me}
	d.MeanwhileDo(t, func(ctx context.Context) error {
		var err error
		first, err = d.Intake.CreateTicket(ctx, world.AsMember(world.Me), ask)
		return err
	})
	again, err = d.Intake.CreateTicket(t.Context(), world.AsMember(world.Me), ask)
	require.NoError(t, err)
	require.Equal(t, first.Conversation, again.Conversation)
	require.Equal(t, first.Event, again.Event)
	require.Len(t, d.Threads, 2)
}

func TestCreateIsIdempotent(t *testing.T) {
	d := world.New(t)
	ask := ticketTo(access.Owner{Member: world.Me})
	ask.Key = "once"
	first, err := d.Intake.CreateTicket(t.Context(), world.AsMember(world.Me), ask)
	require.NoError(t, err)
	again, err := d.Intake.CreateTicket(t.Context(), world.AsMember(world.Me), ask)
	require.NoError(t, err)
	require.Equal(t, first, again)
	require.Equal(t, 1, d.Commits, "a repeat is known before it is written")
	ask.Subject = "Another"
	_, err = d.Intake.CreateTicket(t.Context(), world.AsMember(world.Me), ask)
	require.Equal(t, []string{"idempotencyKey"}, world.Refused(t, err, inbox.InvalidInput).Field)
	_, err = d.Intake.StartLivechat(t.Context(), world.AsMember(world.Me), ask)
	world.Refused(t, err, inbox.InvalidInput)

	for range 20 {
		d.Refuse = append(d.Refuse, commit.ErrStale)
	}
	_, err = d.Intake.CreateTicket(t.Context(), world.AsMember(world.Me), ticketTo(access.Owner{Member: world.Me}))
	world.Refused(t, err, inbox.Unavailable)
	d.Fault = &inbox.Error{Code: inbox.Unavailable, Message: "down"}
	_, err = d.Intake.CreateTicket(t.Context(), world.AsMember(world.Me), ask)
	world.Refused(t, err, inbox.Unavailable)
}

// A contact of a known external id is the one that exists, with the name it has.
func TestContactIsUsedAgain(t *testing.T) {
	d := world.New(t)
	ask := ticketTo(access.Owner{Member: world.Me})
	ask.Contact.ExternalID = "customer-7"
	first, err := d.Intake.CreateTicket(t.Context(), world.AsMember(world.Me), ask)
	require.NoError(t, err)
	ask.Contact.Name = "Somebody else"
	second, err := d.Intake.CreateTicket(t.Context(), world.AsMember(world.Me), ask)
	require.NoError(t, err)
	require.Equal(t, first.Conversation.Contact, second.Conversation.Contact)
	require.Equal(t, "Vera", second.Conversation.ContactName)
	require.NotEqual(t, first.Conversation.ID, second.Conversation.ID)

	// The contact is made meanwhile by another server.
	ask.Contact.ExternalID = "customer-8"
	d.MeanwhileDo(t, func(ctx context.Context) error {
		var err error
		first, err = d.Intake.CreateTicket(ctx, world.AsMember(world.Me), ask)
		return err
	})
	second, err = d.Intake.CreateTicket(t.Context(), world.AsMember(world.Me), ask)
	require.NoError(t, err)
	require.Equal(t, first.Conversation.Contact, second.Conversation.Contact)
	require.Len(t, d.People, 2)

	// Without an external id each is a contact of its own.
	for range 2 {
		_, err = d.Intake.CreateTicket(t.Context(), world.AsMember(world.Me), ticketTo(access.Owner{Member: world.Me}))
		require.NoError(t, err)
	}
	require.Len(t, d.People, 4)
}

// A new chat whose chosen member is full goes to the next. B:Q6
func TestCreateAtTheCap(t *testing.T) {
	d := world.New(t)
	d.Alone(world.Me)
	d.Rules(func(r *workspace.Rules) { r.MaxAutoAssigned = 1 })
	d.Meanwhile = func() { d.Busy(world.Me, 1) }
	out, err := d.Intake.StartLivechat(t.Context(), world.AsPartner(), desk.NewConversation{})
	require.NoError(t, err)
	require.True(t, out.Conversation.Waiting())
	require.Equal(t, 1, d.Counts[world.Me].Open())
}
