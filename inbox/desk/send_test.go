package desk_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

func say(body string) desk.SendRequest { return desk.SendRequest{Conversation: "c", Body: body} }

func sayAt(body string, epoch int) desk.SendRequest {
	r := say(body)
	r.Epoch = &epoch
	return r
}

func TestSend(t *testing.T) {
	for name, c := range map[string]struct {
		state string
		by    inbox.Principal
		send  desk.SendRequest
		want  inbox.Code
	}{
		// B:S1
		"the owner":                                    {"chat: mine", world.AsMember(world.Me), say("Hi"), ""},
		"anyone permitted, when unowned":               {"chat: AI answers", world.AsMember(world.Me), say("Hi"), ""},
		"over another's head":                          {"chat: a teammate's", world.AsMember(world.Me), say("Hi"), inbox.TakeoverRequired},
		"a manager who watches":                        {"chat: a stranger's", world.AsMember(world.Manager), say("Hi"), inbox.TakeoverRequired}, // B:M1
		"without permission":                           {"chat: mine", world.AsMember(world.Observer), say("Hi"), inbox.PermissionDenied},
		"out of reach":                                 {"chat: a stranger's", world.AsMember(world.Me), say("Hi"), inbox.PermissionDenied},
		"a note on another's":                          {"chat: a teammate's", world.AsMember(world.Me), desk.SendRequest{Conversation: "c", Body: "FYI", Internal: true}, ""},
		"a note without permission":                    {"chat: a teammate's", world.AsMember(world.Observer), desk.SendRequest{Conversation: "c", Body: "FYI", Internal: true}, inbox.PermissionDenied},
		"a note on what is closed":                     {"chat: closed and a teammate's", world.AsMember(world.Me), desk.SendRequest{Conversation: "c", Body: "FYI", Internal: true}, ""}, // B:C5
		"a note on what is closed, without permission": {"chat: closed and a teammate's", world.AsMember(world.Observer), desk.SendRequest{Conversation: "c", Body: "FYI", Internal: true}, inbox.PermissionDenied},
		"the agent's note on what is closed":           {"chat: closed and back with the AI", world.AsAgent(world.Bot), desk.SendRequest{Conversation: "c", Body: "n", Internal: true, Epoch: world.Ptr(2)}, ""},
		"an integration":                               {"chat: AI answers", world.AsPartner(), say("Hi"), inbox.PermissionDenied},
		"an integration on what is owned":              {"chat: mine", world.AsPartner(), say("Hi"), inbox.PermissionDenied},
		// B:S2, B:V8
		"the contact":                {"chat: mine", world.AsContact("c"), say("Help"), ""},
		"the contact of another":     {"chat: mine", world.AsContact("another"), say("Help"), inbox.NotFound},
		"the contact, as a note":     {"chat: mine", world.AsContact("c"), desk.SendRequest{Conversation: "c", Body: "psst", Internal: true}, inbox.InvalidInput},
		"a colleague, when closed":   {"chat: closed and a teammate's", world.AsMember(world.Me), say("Help"), inbox.ConversationClosed}, // B:C4
		"the contact, with an epoch": {"chat: mine", world.AsContact("c"), sayAt("Help", 99), ""},
		// B:H2, B:H3
		"the agent":                         {"chat: AI answers", world.AsAgent(world.Bot), sayAt("Hello", 2), ""},
		"the agent while queued":            {"chat: queued in my team", world.AsAgent(world.Bot), sayAt("Hold on", 2), ""},
		"the agent without an epoch":        {"chat: AI answers", world.AsAgent(world.Bot), say("Hello"), inbox.InvalidInput},
		"the agent of an old epoch":         {"chat: AI answers", world.AsAgent(world.Bot), sayAt("Hello", 1), inbox.StaleEpoch},
		"the agent of an epoch to come":     {"chat: AI answers", world.AsAgent(world.Bot), sayAt("Hello", 3), inbox.StaleEpoch},
		"the agent once a person owns":      {"chat: mine", world.AsAgent(world.Bot), sayAt("Hello", 2), inbox.TakeoverRequired},
		"the agent late, a person owns":     {"chat: mine", world.AsAgent(world.Bot), sayAt("Hello", 1), inbox.StaleEpoch},
		"the agent's late note":             {"chat: mine", world.AsAgent(world.Bot), desk.SendRequest{Conversation: "c", Body: "n", Internal: true, Epoch: world.Ptr(1)}, inbox.StaleEpoch},
		"the agent when nobody is back yet": {"chat: left by a teammate", world.AsAgent(world.Bot), sayAt("Hello", 2), inbox.NotAssignee},
		"the agent when closed, late":       {"chat: closed and back with the AI", world.AsAgent(world.Bot), sayAt("Hello", 1), inbox.StaleEpoch},
		"the agent, closed and given back":  {"chat: closed and back with the AI", world.AsAgent(world.Bot), sayAt("Hello", 2), ""}, // B:C1
		"the agent, closed and kept":        {"chat: closed and a teammate's", world.AsAgent(world.Bot), sayAt("Hello", 2), inbox.ConversationClosed},
		"another agent":                     {"chat: AI answers", world.AsAgent(world.OtherBot), sayAt("Hello", 2), inbox.PermissionDenied},
		"another agent, late":               {"chat: AI answers", world.AsAgent(world.OtherBot), sayAt("Hello", 1), inbox.PermissionDenied},
		// Input
		"nothing":         {"chat: mine", world.AsMember(world.Me), say(" \t"), inbox.InvalidInput},
		"too much":        {"chat: mine", world.AsMember(world.Me), say(world.Long(inbox.MaxMessage + 1)), inbox.InvalidInput},
		"just enough":     {"chat: mine", world.AsMember(world.Me), say(world.Long(inbox.MaxMessage)), ""},
		"no such place":   {"chat: mine", world.AsMember(world.Me), desk.SendRequest{Conversation: "x", Body: "Hi"}, inbox.NotFound},
		"no such contact": {"chat: mine", world.AsContact(""), say("Hi"), inbox.Unauthenticated},
	} {
		t.Run(name, func(t *testing.T) {
			d := world.New(t)
			d.Begin(t, c.state)
			before := d.Stored(t, "c")
			sent, err := d.Messages.Send(t.Context(), c.by, c.send)
			require.Equal(t, c.want, inbox.CodeOf(err), "%v", err)
			after := d.Stored(t, "c")
			require.Equal(t, before.Version, after.Version)
			require.Equal(t, before.Ownership, after.Ownership)
			if err != nil {
				require.Empty(t, d.Recorded())
				return
			}
			require.Equal(t, c.send.Body, sent.Message.Body)
			require.Equal(t, c.by.Actor, sent.Message.Author)
			require.Equal(t, c.send.Internal, sent.Message.Internal)
			require.Equal(t, world.Start(), sent.Message.At)
			require.Equal(t, c.send.Internal, after.LastMessage == nil, "a note is no last message")
			require.Equal(t, world.Start(), after.LastActivityAt)
		})
	}
}

// B:H3
func TestStaleEpochTellsTheCurrentOne(t *testing.T) {
	d := world.New(t)
	d.Begin(t, "chat: AI answers")
	_, err := d.Messages.Send(t.Context(), world.AsAgent(world.Bot), sayAt("Hello", 1))
	require.Equal(t, 2, world.Refused(t, err, inbox.StaleEpoch).Epoch)
}

// The agent read epoch 2, a person took over between its look and its write:
// the answer never reaches the contact. B:H3
func TestNoLateAnswerAfterATakeover(t *testing.T) {
	d := world.New(t)
	r := d.Begin(t, "chat: AI answers")
	d.MeanwhileDo(t, func(ctx context.Context) error { _, err := d.Desk.Claim(ctx, world.AsMember(world.Me), r); return err })
	_, err := d.Messages.Send(t.Context(), world.AsAgent(world.Bot), sayAt("Let me", 2))
	require.Equal(t, 3, world.Refused(t, err, inbox.StaleEpoch).Epoch)
	require.Equal(t, []string{"Mia is now in the conversation."}, bodies(d.Said()))

	// A member's message loses the same race. B:K1
	d = world.New(t)
	r = d.Begin(t, "chat: mine")
	d.MeanwhileDo(t, func(ctx context.Context) error {
		_, err := d.Desk.TakeOver(ctx, world.AsMember(world.Manager), r, nil, "")
		return err
	})
	_, err = d.Messages.Send(t.Context(), world.AsMember(world.Me), say("Let me"))
	require.Equal(t, world.Manager, world.Refused(t, err, inbox.TakeoverRequired).Current.Assignee)

	// And so does one that meets a close. B:C4
	d = world.New(t)
	r = d.Begin(t, "ticket: mine")
	d.MeanwhileDo(t, func(ctx context.Context) error {
		_, err := d.Desk.SetStatus(ctx, world.AsMember(world.Me), r, inbox.Closed)
		return err
	})
	_, err = d.Messages.Send(t.Context(), world.AsMember(world.Manager), say("One more"))
	world.Refused(t, err, inbox.TakeoverRequired)
	_, err = d.Messages.Send(t.Context(), world.AsMember(world.Me), say("One more"))
	world.Refused(t, err, inbox.ConversationClosed)
}

// B:H2, B:H3
func TestAgentUnderTheRules(t *testing.T) {
	d := world.New(t)
	d.Rules(func(r *workspace.Rules) {
		r.AIWhilePending, r.AIWhenAssigned = workspace.AIPausesPending, workspace.AIContinues
	})
	r := d.Begin(t, "chat: AI answers")
	_, err := d.Desk.RequestHandoff(t.Context(), world.AsAgent(world.Bot), r, desk.HandoffTarget{Team: world.Sales, RequireOnline: true})
	require.NoError(t, err)
	c := d.Stored(t, "c")
	require.Equal(t, world.Stranger, c.Assignee)
	require.False(t, c.AIStopped)
	_, err = d.Messages.Send(t.Context(), world.AsAgent(world.Bot), sayAt("I stay", c.Epoch))
	require.NoError(t, err, "it was given, so the agent continues")

	out, err := d.Desk.TakeOver(t.Context(), world.AsMember(world.Senior), r, nil, "")
	require.NoError(t, err)
	_, err = d.Messages.Send(t.Context(), world.AsAgent(world.Bot), sayAt("I stay", out.Conversation.Epoch))
	world.Refused(t, err, inbox.TakeoverRequired)

	d = world.New(t)
	d.Rules(func(r *workspace.Rules) { r.AIWhilePending = workspace.AIPausesPending })
	d.Begin(t, "chat: queued of no team")
	_, err = d.Messages.Send(t.Context(), world.AsAgent(world.Bot), sayAt("I stay", 2))
	world.Refused(t, err, inbox.NotAssignee)
}

// B:C4: what can be done instead depends on the channel and on who asks.
func TestClosedConversationSaysWhatIsAllowed(t *testing.T) {
	for _, c := range []struct {
		channel string
		by      inbox.Principal
		want    []inbox.Action
	}{
		{"web", world.AsMember(world.Me), []inbox.Action{inbox.ActionReopenSend, inbox.ActionStartNew}},
		{"email", world.AsMember(world.Manager), []inbox.Action{inbox.ActionReopenSend, inbox.ActionStartNew}},
		{"whatsapp", world.AsMember(world.Me), []inbox.Action{inbox.ActionReopenSend}},
		{"sms", world.AsMember(world.Manager), []inbox.Action{inbox.ActionReopenSend}},
		{"web", world.AsAgent(world.Bot), nil},
	} {
		d := world.New(t)
		closed := world.States(world.Me)["chat: closed and a teammate's"]
		closed.Channel = c.channel
		d.Put(closed)
		_, err := d.Messages.Send(t.Context(), c.by, sayAt("Hi", 2))
		require.Equal(t, c.want, world.Refused(t, err, inbox.ConversationClosed).Allowed, "%+v", c)
	}
}

// Section 2: a repeat returns the first result.
func TestSendIsIdempotent(t *testing.T) {
	d := world.New(t)
	d.Begin(t, "chat: mine")
	r := say("Hi")
	r.Key = "once"
	first, err := d.Messages.Send(t.Context(), world.AsMember(world.Me), r)
	require.NoError(t, err)
	again, err := d.Messages.Send(t.Context(), world.AsMember(world.Me), r)
	require.NoError(t, err)
	require.Equal(t, first, again)
	require.Len(t, d.Recorded(), 1)
	for _, other := range []desk.SendRequest{{Conversation: "c", Body: "Ho", Key: "once"}, {Conversation: "c", Body: "Hi", Internal: true, Key: "once"}, {Conversation: "d", Body: "Hi", Key: "once"}} {
		_, err = d.Messages.Send(t.Context(), world.AsMember(world.Me), other)
		require.Equal(t, []string{"idempotencyKey"}, world.Refused(t, err, inbox.InvalidInput).Field)
	}
	r.Key = world.Long(inbox.MaxKey)
	_, err = d.Messages.Send(t.Context(), world.AsMember(world.Me), r)
	world.Refused(t, err, inbox.InvalidInput)

	// Both at once: the second meets the first at the commit.
	r.Key = "twice"
	d.MeanwhileDo(t, func(ctx context.Context) error {
		var err error
		first, err = d.Messages.Send(ctx, world.AsMember(world.Me), r)
		return err
	})
	again, err = d.Messages.Send(t.Context(), world.AsMember(world.Me), r)
	require.NoError(t, err)
	require.Equal(t, first, again)
	require.Len(t, d.Recorded(), 2)

	d.Refuse = []error{commit.ErrDuplicateKey}
	_, err = d.Messages.Send(t.Context(), world.AsMember(world.Me), say("Hi"))
	require.Equal(t, inbox.Internal, inbox.CodeOf(err))
	for range 20 {
		d.Refuse = append(d.Refuse, commit.ErrStale)
	}
	_, err = d.Messages.Send(t.Context(), world.AsMember(world.Me), say("Hi"))
	world.Refused(t, err, inbox.Unavailable)
}

// A message makes no claim stale, and a claim no message of the contact lost.
func TestMessagesAndClaimsDoNotDisturbEachOther(t *testing.T) {
	d := world.New(t)
	r := d.Begin(t, "chat: queued in my team")
	r.ExpectedVersion = world.Ptr(3)
	d.MeanwhileDo(t, func(ctx context.Context) error {
		_, err := d.Messages.Send(ctx, world.AsContact("c"), say("Hello?"))
		return err
	})
	_, err := d.Desk.Claim(t.Context(), world.AsMember(world.Me), r)
	require.NoError(t, err)

	d.MeanwhileDo(t, func(ctx context.Context) error {
		_, err := d.Desk.TakeOver(ctx, world.AsMember(world.Senior), desk.Request{Conversation: "c"}, nil, "")
		return err
	})
	sent, err := d.Messages.Send(t.Context(), world.AsContact("c"), say("Hello??"))
	require.NoError(t, err)
	require.Equal(t, world.Senior, sent.Conversation.Assignee, "it follows the owner at once") // B:S2
}
