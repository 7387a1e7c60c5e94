package inbox_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
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
		"the owner":                                    {"chat: mine", asMember(me), say("Hi"), ""},
		"anyone permitted, when unowned":               {"chat: AI answers", asMember(me), say("Hi"), ""},
		"over another's head":                          {"chat: a teammate's", asMember(me), say("Hi"), inbox.TakeoverRequired},
		"a manager who watches":                        {"chat: a stranger's", asMember(manager), say("Hi"), inbox.TakeoverRequired}, // B:M1
		"without permission":                           {"chat: mine", asMember(observer), say("Hi"), inbox.PermissionDenied},
		"out of reach":                                 {"chat: a stranger's", asMember(me), say("Hi"), inbox.PermissionDenied},
		"a note on another's":                          {"chat: a teammate's", asMember(me), desk.SendRequest{Conversation: "c", Body: "FYI", Internal: true}, ""},
		"a note without permission":                    {"chat: a teammate's", asMember(observer), desk.SendRequest{Conversation: "c", Body: "FYI", Internal: true}, inbox.PermissionDenied},
		"a note on what is closed":                     {"chat: closed and a teammate's", asMember(me), desk.SendRequest{Conversation: "c", Body: "FYI", Internal: true}, ""}, // B:C5
		"a note on what is closed, without permission": {"chat: closed and a teammate's", asMember(observer), desk.SendRequest{Conversation: "c", Body: "FYI", Internal: true}, inbox.PermissionDenied},
		"the agent's note on what is closed":           {"chat: closed and back with the AI", asAgent(bot), desk.SendRequest{Conversation: "c", Body: "n", Internal: true, Epoch: ptr(2)}, ""},
		"an integration":                               {"chat: AI answers", asPartner(), say("Hi"), inbox.PermissionDenied},
		"an integration on what is owned":              {"chat: mine", asPartner(), say("Hi"), inbox.PermissionDenied},
		// B:S2, B:V8
		"the contact":                {"chat: mine", asContact("c"), say("Help"), ""},
		"the contact of another":     {"chat: mine", asContact("another"), say("Help"), inbox.NotFound},
		"the contact, as a note":     {"chat: mine", asContact("c"), desk.SendRequest{Conversation: "c", Body: "psst", Internal: true}, inbox.InvalidInput},
		"a colleague, when closed":   {"chat: closed and a teammate's", asMember(me), say("Help"), inbox.ConversationClosed}, // B:C4
		"the contact, with an epoch": {"chat: mine", asContact("c"), sayAt("Help", 99), ""},
		// B:H2, B:H3
		"the agent":                         {"chat: AI answers", asAgent(bot), sayAt("Hello", 2), ""},
		"the agent while queued":            {"chat: queued in my team", asAgent(bot), sayAt("Hold on", 2), ""},
		"the agent without an epoch":        {"chat: AI answers", asAgent(bot), say("Hello"), inbox.InvalidInput},
		"the agent of an old epoch":         {"chat: AI answers", asAgent(bot), sayAt("Hello", 1), inbox.StaleEpoch},
		"the agent of an epoch to come":     {"chat: AI answers", asAgent(bot), sayAt("Hello", 3), inbox.StaleEpoch},
		"the agent once a person owns":      {"chat: mine", asAgent(bot), sayAt("Hello", 2), inbox.TakeoverRequired},
		"the agent late, a person owns":     {"chat: mine", asAgent(bot), sayAt("Hello", 1), inbox.StaleEpoch},
		"the agent's late note":             {"chat: mine", asAgent(bot), desk.SendRequest{Conversation: "c", Body: "n", Internal: true, Epoch: ptr(1)}, inbox.StaleEpoch},
		"the agent when nobody is back yet": {"chat: left by a teammate", asAgent(bot), sayAt("Hello", 2), inbox.NotAssignee},
		"the agent when closed, late":       {"chat: closed and back with the AI", asAgent(bot), sayAt("Hello", 1), inbox.StaleEpoch},
		"the agent, closed and given back":  {"chat: closed and back with the AI", asAgent(bot), sayAt("Hello", 2), ""}, // B:C1
		"the agent, closed and kept":        {"chat: closed and a teammate's", asAgent(bot), sayAt("Hello", 2), inbox.ConversationClosed},
		"another agent":                     {"chat: AI answers", asAgent(otherBot), sayAt("Hello", 2), inbox.PermissionDenied},
		"another agent, late":               {"chat: AI answers", asAgent(otherBot), sayAt("Hello", 1), inbox.PermissionDenied},
		// Input
		"nothing":         {"chat: mine", asMember(me), say(" \t"), inbox.InvalidInput},
		"too much":        {"chat: mine", asMember(me), say(long(inbox.MaxMessage + 1)), inbox.InvalidInput},
		"just enough":     {"chat: mine", asMember(me), say(long(inbox.MaxMessage)), ""},
		"no such place":   {"chat: mine", asMember(me), desk.SendRequest{Conversation: "x", Body: "Hi"}, inbox.NotFound},
		"no such contact": {"chat: mine", asContact(""), say("Hi"), inbox.Unauthenticated},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.begin(t, c.state)
			before := d.stored(t, "c")
			sent, err := d.Messages.Send(t.Context(), c.by, c.send)
			require.Equal(t, c.want, inbox.CodeOf(err), "%v", err)
			after := d.stored(t, "c")
			require.Equal(t, before.Version, after.Version)
			require.Equal(t, before.Ownership, after.Ownership)
			if err != nil {
				require.Empty(t, d.recorded())
				return
			}
			require.Equal(t, c.send.Body, sent.Message.Body)
			require.Equal(t, c.by.Actor, sent.Message.Author)
			require.Equal(t, c.send.Internal, sent.Message.Internal)
			require.Equal(t, start(), sent.Message.At)
			require.Equal(t, c.send.Internal, after.LastMessage == nil, "a note is no last message")
			require.Equal(t, start(), after.LastActivityAt)
		})
	}
}

// B:H3
func TestStaleEpochTellsTheCurrentOne(t *testing.T) {
	d := newDesk(t)
	d.begin(t, "chat: AI answers")
	_, err := d.Messages.Send(t.Context(), asAgent(bot), sayAt("Hello", 1))
	require.Equal(t, 2, refused(t, err, inbox.StaleEpoch).Epoch)
}

// The agent read epoch 2, a person took over between its look and its write:
// the answer never reaches the contact. B:H3
func TestNoLateAnswerAfterATakeover(t *testing.T) {
	d := newDesk(t)
	r := d.begin(t, "chat: AI answers")
	d.meanwhileDo(t, func(ctx context.Context) error { _, err := d.Desk.Claim(ctx, asMember(me), r); return err })
	_, err := d.Messages.Send(t.Context(), asAgent(bot), sayAt("Let me", 2))
	require.Equal(t, 3, refused(t, err, inbox.StaleEpoch).Epoch)
	require.Equal(t, []string{"Mia is now in the conversation."}, bodies(d.messages()))

	// A member's message loses the same race. B:K1
	d = newDesk(t)
	r = d.begin(t, "chat: mine")
	d.meanwhileDo(t, func(ctx context.Context) error {
		_, err := d.Desk.TakeOver(ctx, asMember(manager), r, nil, "")
		return err
	})
	_, err = d.Messages.Send(t.Context(), asMember(me), say("Let me"))
	require.Equal(t, manager, refused(t, err, inbox.TakeoverRequired).Current.Assignee)

	// And so does one that meets a close. B:C4
	d = newDesk(t)
	r = d.begin(t, "ticket: mine")
	d.meanwhileDo(t, func(ctx context.Context) error {
		_, err := d.Desk.SetStatus(ctx, asMember(me), r, inbox.Closed)
		return err
	})
	_, err = d.Messages.Send(t.Context(), asMember(manager), say("One more"))
	refused(t, err, inbox.TakeoverRequired)
	_, err = d.Messages.Send(t.Context(), asMember(me), say("One more"))
	refused(t, err, inbox.ConversationClosed)
}

// B:H2, B:H3
func TestAgentUnderTheRules(t *testing.T) {
	d := newDesk(t)
	d.rules(func(r *workspace.Rules) {
		r.AIWhilePending, r.AIWhenAssigned = workspace.AIPausesPending, workspace.AIContinues
	})
	r := d.begin(t, "chat: AI answers")
	_, err := d.Desk.RequestHandoff(t.Context(), asAgent(bot), r, desk.HandoffTarget{Team: sales, RequireOnline: true})
	require.NoError(t, err)
	c := d.stored(t, "c")
	require.Equal(t, stranger, c.Assignee)
	require.False(t, c.AIStopped)
	_, err = d.Messages.Send(t.Context(), asAgent(bot), sayAt("I stay", c.Epoch))
	require.NoError(t, err, "it was given, so the agent continues")

	out, err := d.Desk.TakeOver(t.Context(), asMember(senior), r, nil, "")
	require.NoError(t, err)
	_, err = d.Messages.Send(t.Context(), asAgent(bot), sayAt("I stay", out.Conversation.Epoch))
	refused(t, err, inbox.TakeoverRequired)

	d = newDesk(t)
	d.rules(func(r *workspace.Rules) { r.AIWhilePending = workspace.AIPausesPending })
	d.begin(t, "chat: queued of no team")
	_, err = d.Messages.Send(t.Context(), asAgent(bot), sayAt("I stay", 2))
	refused(t, err, inbox.NotAssignee)
}

// B:C4: what can be done instead depends on the channel and on who asks.
func TestClosedConversationSaysWhatIsAllowed(t *testing.T) {
	for _, c := range []struct {
		channel string
		by      inbox.Principal
		want    []inbox.Action
	}{
		{"web", asMember(me), []inbox.Action{inbox.ActionReopenSend, inbox.ActionStartNew}},
		{"email", asMember(manager), []inbox.Action{inbox.ActionReopenSend, inbox.ActionStartNew}},
		{"whatsapp", asMember(me), []inbox.Action{inbox.ActionReopenSend}},
		{"sms", asMember(manager), []inbox.Action{inbox.ActionReopenSend}},
		{"web", asAgent(bot), nil},
	} {
		d := newDesk(t)
		closed := states(me)["chat: closed and a teammate's"]
		closed.Channel = c.channel
		d.put(closed)
		_, err := d.Messages.Send(t.Context(), c.by, sayAt("Hi", 2))
		require.Equal(t, c.want, refused(t, err, inbox.ConversationClosed).Allowed, "%+v", c)
	}
}

// Section 2: a repeat returns the first result.
func TestSendIsIdempotent(t *testing.T) {
	d := newDesk(t)
	d.begin(t, "chat: mine")
	r := say("Hi")
	r.Key = "once"
	first, err := d.Messages.Send(t.Context(), asMember(me), r)
	require.NoError(t, err)
	again, err := d.Messages.Send(t.Context(), asMember(me), r)
	require.NoError(t, err)
	require.Equal(t, first, again)
	require.Len(t, d.recorded(), 1)
	for _, other := range []desk.SendRequest{{Conversation: "c", Body: "Ho", Key: "once"}, {Conversation: "c", Body: "Hi", Internal: true, Key: "once"}, {Conversation: "d", Body: "Hi", Key: "once"}} {
		_, err = d.Messages.Send(t.Context(), asMember(me), other)
		require.Equal(t, []string{"idempotencyKey"}, refused(t, err, inbox.InvalidInput).Field)
	}
	r.Key = long(inbox.MaxKey)
	_, err = d.Messages.Send(t.Context(), asMember(me), r)
	refused(t, err, inbox.InvalidInput)

	// Both at once: the second meets the first at the commit.
	r.Key = "twice"
	d.meanwhileDo(t, func(ctx context.Context) error {
		var err error
		first, err = d.Messages.Send(ctx, asMember(me), r)
		return err
	})
	again, err = d.Messages.Send(t.Context(), asMember(me), r)
	require.NoError(t, err)
	require.Equal(t, first, again)
	require.Len(t, d.recorded(), 2)

	d.refuse = []error{commit.ErrDuplicateKey}
	_, err = d.Messages.Send(t.Context(), asMember(me), say("Hi"))
	require.Equal(t, inbox.Internal, inbox.CodeOf(err))
	for range 20 {
		d.refuse = append(d.refuse, commit.ErrStale)
	}
	_, err = d.Messages.Send(t.Context(), asMember(me), say("Hi"))
	refused(t, err, inbox.Unavailable)
}

// A message makes no claim stale, and a claim no message of the contact lost.
func TestMessagesAndClaimsDoNotDisturbEachOther(t *testing.T) {
	d := newDesk(t)
	r := d.begin(t, "chat: queued in my team")
	r.ExpectedVersion = ptr(3)
	d.meanwhileDo(t, func(ctx context.Context) error {
		_, err := d.Messages.Send(ctx, asContact("c"), say("Hello?"))
		return err
	})
	_, err := d.Desk.Claim(t.Context(), asMember(me), r)
	require.NoError(t, err)

	d.meanwhileDo(t, func(ctx context.Context) error {
		_, err := d.Desk.TakeOver(ctx, asMember(senior), desk.Request{Conversation: "c"}, nil, "")
		return err
	})
	sent, err := d.Messages.Send(t.Context(), asContact("c"), say("Hello??"))
	require.NoError(t, err)
	require.Equal(t, senior, sent.Conversation.Assignee, "it follows the owner at once") // B:S2
}
