package histcheck_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"switchboard/authz"
	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/services"
	"switchboard/inbox/workspace"
	"switchboard/internal/histcheck"
	"switchboard/live"
	"switchboard/store/sqlite"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const ws workspace.WorkspaceID = "home"

// floor is a workspace in which things happen, a second apart.
type floor struct {
	*services.Services
	t     *testing.T
	mu    sync.Mutex // of what a call with many conversations asks for at once
	clock time.Time
	ids   int
}

func directory() *workspace.Directory {
	d := &workspace.Directory{
		Workspace: workspace.Workspace{ID: ws, Plan: "enterprise", Rules: workspace.DefaultRules(), Rev: 1},
		Members:   map[workspace.MemberID]workspace.Member{}, Teams: map[workspace.TeamID]workspace.Team{"sales": {ID: "sales", Workspace: ws, Rev: 1}},
		Agents: map[workspace.AgentID]workspace.AIAgent{"bot": {ID: "bot", Workspace: ws, Rev: 1}},
	}
	d.Workspace.Rules.MaxAutoAssigned = 2
	d.Workspace.Rules.ReclaimAfter, d.Workspace.Rules.ReclaimOffline = 30*time.Second, workspace.ReclaimOfflineOnInbound
	for _, id := range []workspace.MemberID{"ann", "bob", "cid"} {
		d.Members[id] = workspace.Member{ID: id, Workspace: ws, Rev: 1, Availability: workspace.Online, Roles: []workspace.RoleName{"manager"}}
	}
	d.Members["cid"] = workspace.Member{ID: "cid", Workspace: ws, Rev: 1, Availability: workspace.Offline, Roles: []workspace.RoleName{"manager"}, Teams: []workspace.TeamID{"sales"}}
	return d
}

func as(id workspace.MemberID) inbox.Principal {
	return inbox.Principal{Workspace: ws, Actor: workspace.Actor{Kind: workspace.ActorMember, ID: string(id)}}
}

func (f *floor) must(out desk.Outcome, err error) desk.Outcome {
	f.t.Helper()
	require.NoError(f.t, err)
	return out
}

// history is one in which all is well: hand-offs up to the cap, a queue, closes
// that drain it, people who take over, leave, claim and repeat.
func history(t *testing.T) histcheck.History { return historyOf(t, (*floor).play) }

// taking is history, in which the rules take something back at the end.
func taking(t *testing.T) histcheck.History {
	return historyOf(t, func(f *floor) []inbox.ConversationID {
		chats := f.play()
		f.ignore(chats[2])
		f.desert(chats[3])
		return chats
	})
}

func historyOf(t *testing.T, play func(*floor) []inbox.ConversationID) histcheck.History {
	t.Helper()
	return historyFrom(t, play, func(s histcheck.Source) histcheck.Source { return s })
}

// historyFrom is historyOf as it is read through what from makes of the store.
func historyFrom(t *testing.T, play func(*floor) []inbox.ConversationID, from func(histcheck.Source) histcheck.Source) histcheck.History {
	t.Helper()
	ctx := t.Context()
	s, err := sqlite.Open(ctx, sqlite.Config{})
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close(context.Background())) }()
	preset, err := authz.Preset("default")
	require.NoError(t, err)
	policy := authz.New(preset)
	require.NoError(t, s.CreateWorkspace(ctx, *directory()))
	f := &floor{t: t, clock: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)}
	f.Services = services.New(services.Config{
		Store: s, Directories: live.NewDirectories(s.Directory), Policy: policy, Pick: func(int) int { return 0 },
		Now: func() time.Time {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.clock = f.clock.Add(time.Second)
			return f.clock
		},
		NewID: func() string {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.ids++
			return fmt.Sprintf("id%05d", f.ids)
		},
	})
	h := histcheck.History{Start: directory(), Policy: policy, Patience: 10 * time.Second}
	position, err := histcheck.Begin(ctx, s)
	require.NoError(t, err)
	play(f)
	require.NoError(t, h.Read(ctx, from(s), position))
	h.End = f.clock
	for _, e := range h.Events {
		h.Acknowledged = append(h.Acknowledged, e.ID)
	}
	return h
}

func (f *floor) play() (chats []inbox.ConversationID) {
	ctx := f.t.Context()
	bot := inbox.Principal{Workspace: ws, Actor: workspace.Actor{Kind: workspace.ActorAgent, ID: "bot"}}
	for i := range 6 {
		c := f.must(f.Intake.StartLivechat(ctx, bot, desk.NewConversation{Subject: "Hello", Key: fmt.Sprint("start", i)})).Conversation.ID
		f.must(f.Desk.RequestHandoff(ctx, bot, desk.Request{Conversation: c, Key: fmt.Sprint("hand off", i)}, desk.HandoffTarget{}))
		chats = append(chats, c)
	}
	ticket := f.must(f.Intake.CreateTicket(ctx, as("ann"), desk.NewConversation{Subject: "Help", To: access.Owner{Member: "cid"}})).Conversation.ID
	f.must(f.Desk.TakeOver(ctx, as("ann"), desk.Request{Conversation: ticket}, nil, ""))
	first, err := f.Reader.Conversation(ctx, as("ann"), chats[0])
	require.NoError(f.t, err)
	owner := first.Assignee
	f.must(f.Desk.SetStatus(ctx, as(owner), desk.Request{Conversation: chats[0], Key: "close"}, inbox.Closed))
	f.must(f.Desk.SetStatus(ctx, as(owner), desk.Request{Conversation: chats[0], Key: "close"}, inbox.Closed)) // a repeat
	_, err = f.Queues.Drain(ctx, ws, inbox.Queue{Kind: workspace.Livechat})
	require.NoError(f.t, err)
	second, err := f.Reader.Conversation(ctx, as("ann"), chats[1])
	require.NoError(f.t, err)
	f.must(f.Desk.Leave(ctx, as(second.Assignee), desk.Request{Conversation: chats[1]}))
	_, err = f.Queues.Drain(ctx, ws, inbox.Queue{Kind: workspace.Livechat})
	require.NoError(f.t, err)
	f.must(f.Desk.Claim(ctx, as("cid"), desk.Request{Conversation: chats[1]}))
	_, err = f.Admin.SetAvailability(ctx, as("cid"), workspace.Online, "", "")
	require.NoError(f.t, err)
	return chats
}

// ignore lets a contact write and nobody answer, so that the rules take the chat back.
func (f *floor) ignore(chat inbox.ConversationID) {
	ctx := f.t.Context()
	f.say(contactOf(chat), chat)
	f.say(contactOf(chat), chat)
	f.clock = f.clock.Add(time.Minute)
	require.NoError(f.t, f.Queues.Reclaim(ctx, ws))
	_, err := f.Queues.Drain(ctx, ws, inbox.Queue{Kind: workspace.Livechat})
	require.NoError(f.t, err)
	c, err := f.Reader.Conversation(ctx, as("ann"), chat)
	require.NoError(f.t, err)
	f.say(as(c.Assignee), chat)
}

// desert lets a contact write to an owner who is gone.
func (f *floor) desert(chat inbox.ConversationID) {
	ctx := f.t.Context()
	c, err := f.Reader.Conversation(ctx, as("ann"), chat)
	require.NoError(f.t, err)
	gone := c.Assignee
	_, err = f.Admin.SetAvailability(ctx, as(gone), workspace.Offline, "", "")
	require.NoError(f.t, err)
	f.say(contactOf(chat), chat)
	_, err = f.Queues.Drain(ctx, ws, inbox.Queue{Kind: workspace.Livechat})
	require.NoError(f.t, err)
	c, err = f.Reader.Conversation(ctx, as("ann"), chat)
	require.NoError(f.t, err)
	require.NotEqual(f.t, gone, c.Assignee)
}

func (f *floor) say(by inbox.Principal, chat inbox.ConversationID) {
	f.t.Helper()
	_, err := f.Messages.Send(f.t.Context(), by, desk.SendRequest{Conversation: chat, Body: "Hello"})
	require.NoError(f.t, err)
}

func contactOf(chat inbox.ConversationID) inbox.Principal {
	return inbox.Principal{Workspace: ws, Actor: workspace.Actor{Kind: workspace.ActorContact, ID: "visitor"}, Conversation: chat}
}

func TestAGoodHistory(t *testing.T) {
	h := history(t)
	require.Greater(t, len(h.Events), 15)
	require.Len(t, h.Conversations, 7)
	require.Empty(t, h.Check())
	// The chat that was closed freed its owner two ticks before the drain.
	require.Positive(t, h.LongestWait())
	require.LessOrEqual(t, h.LongestWait(), h.Patience)
	i := find(t, &h, 0, given)
	later(&h, i, time.Minute)
	require.Greater(t, h.LongestWait(), time.Minute)
}

// find gives the index of the n-th event that fits.
func find(t *testing.T, h *histcheck.History, n int, fits func(inbox.Event) bool) int {
	t.Helper()
	for i, e := range h.Events {
		if fits(e) {
			if n--; n < 0 {
				return i
			}
		}
	}
	t.Fatal("there is no such event")
	return 0
}

func reclaimed(e inbox.Event) bool { return e.Kind == inbox.EventReclaimed }

func given(e inbox.Event) bool { return e.Kind == inbox.EventAutoAssigned }

// later moves everything from the i-th event on by d.
func later(h *histcheck.History, i int, d time.Duration) {
	for j := i; j < len(h.Events); j++ {
		h.Events[j].At = h.Events[j].At.Add(d)
	}
	h.End = h.End.Add(d)
}

// Each planted fault is found, by its own rule.
func TestPlantedFaults(t *testing.T) {
	good := taking(t)
	require.Empty(t, good.Check())
	for name, c := range map[string]struct {
		plant func(t *testing.T, h *histcheck.History)
		want  histcheck.Rule
	}{
		"an event is gone": {func(t *testing.T, h *histcheck.History) {
			i := find(t, h, 0, func(e inbox.Event) bool { return e.Kind == inbox.EventHandedOff })
			h.Events = slices.Delete(h.Events, i, i+1)
		}, histcheck.Gap},
		"the first event is gone": {func(_ *testing.T, h *histcheck.History) { h.Events = h.Events[1:] }, histcheck.Gap},
		"a version twice": {func(t *testing.T, h *histcheck.History) {
			i := find(t, h, 0, given)
			e := h.Events[i]
			e.ID += "'"
			h.Events = slices.Insert(h.Events, i+1, e)
		}, histcheck.Gap},
		"two events change places": {func(t *testing.T, h *histcheck.History) {
			i := find(t, h, 0, func(e inbox.Event) bool { return e.Kind == inbox.EventHandedOff })
			h.Events[i], h.Events[i-1] = h.Events[i-1], h.Events[i]
		}, histcheck.Gap},
		"a second owner": {func(t *testing.T, h *histcheck.History) {
			i := find(t, h, 0, func(e inbox.Event) bool { return e.Kind == inbox.EventTakenOver })
			h.Events[i].From.Assignee = "bob"
		}, histcheck.Chain},
		"a state from nowhere": {func(t *testing.T, h *histcheck.History) {
			i := find(t, h, 0, given)
			h.Events[i].From.WaitingSince = h.Events[i].At
		}, histcheck.Chain},
		"an epoch that did not grow": {func(t *testing.T, h *histcheck.History) {
			i := find(t, h, 0, given)
			h.Events[i].Epoch--
			after := *h.Events[i].After
			after.Epoch--
			h.Events[i].After = &after
		}, histcheck.Epoch},
		"an epoch that grew for nothing": {func(t *testing.T, h *histcheck.History) {
			i := find(t, h, 4, func(e inbox.Event) bool { return e.Kind == inbox.EventHandedOff })
			require.Empty(t, h.Events[i].To.Assignee, "it waits")
			h.Events[i].Epoch++
		}, histcheck.Epoch},
		"a first epoch of 2": {func(_ *testing.T, h *histcheck.History) { h.Events[0].Epoch = 2 }, histcheck.Epoch},
		"an event that contradicts itself": {func(t *testing.T, h *histcheck.History) {
			i := find(t, h, 0, given)
			after := *h.Events[i].After
			after.Assignee = "cid"
			h.Events[i].After = &after
		}, histcheck.Snapshot},
		"a revision that did not grow": {func(t *testing.T, h *histcheck.History) {
			i := find(t, h, 0, given)
			after := *h.Events[i].After
			after.Revision = 1
			h.Events[i].After = &after
		}, histcheck.Order},
		"a number that was passed over": {func(t *testing.T, h *histcheck.History) {
			i := find(t, h, 0, func(e inbox.Event) bool { return len(e.Messages) > 0 })
			h.Events[i].Messages = slices.Clone(h.Events[i].Messages)
			h.Events[i].Messages[0].Sequence++
		}, histcheck.Order},
		"a message that was not counted":          {func(_ *testing.T, h *histcheck.History) { h.Conversations[0].MessageCount++ }, histcheck.Stored},
		"an event that says nothing":              {func(_ *testing.T, h *histcheck.History) { h.Events[1].After = nil }, histcheck.Snapshot},
		"a conversation that is stored otherwise": {func(_ *testing.T, h *histcheck.History) { h.Conversations[0].Version++ }, histcheck.Stored},
		"an owner whom no event made":             {func(_ *testing.T, h *histcheck.History) { h.Conversations[3].Assignee = "cid" }, histcheck.Stored},
		"a conversation is gone":                  {func(_ *testing.T, h *histcheck.History) { h.Conversations = h.Conversations[1:] }, histcheck.Stored},
		"a conversation from nowhere": {func(_ *testing.T, h *histcheck.History) {
			h.Conversations = append(h.Conversations, inbox.Conversation{ID: "new"})
		}, histcheck.Stored},
		"an acknowledged change is lost": {func(_ *testing.T, h *histcheck.History) { h.Acknowledged = append(h.Acknowledged, "never") }, histcheck.Lost},
		"an event is delivered twice": {func(_ *testing.T, h *histcheck.History) {
			h.Events = slices.Insert(h.Events, 3, h.Events[2])
		}, histcheck.Repeated},
		"a key did something twice": {func(t *testing.T, h *histcheck.History) {
			i := find(t, h, 1, func(e inbox.Event) bool { return e.Kind == inbox.EventHandedOff })
			j := find(t, h, 0, func(e inbox.Event) bool { return e.Kind == inbox.EventHandedOff })
			h.Events[i].Key = h.Events[j].Key
		}, histcheck.Repeated},
		"the cap was lower": {func(_ *testing.T, h *histcheck.History) {
			d := *h.Start
			d.Workspace.Rules.MaxAutoAssigned = 1
			h.Start = &d
		}, histcheck.Cap},
		"the cap of one member was lower": {func(_ *testing.T, h *histcheck.History) {
			d := *h.Start
			d.Members = maps.Clone(d.Members)
			one, m := 1, d.Members["bob"]
			m.MaxAutoAssigned = &one
			d.Members["bob"] = m
			h.Start = &d
		}, histcheck.Cap},
		"a counter too high": {func(_ *testing.T, h *histcheck.History) {
			h.Loads = maps.Clone(h.Loads)
			h.Loads["ann"] = workspace.Load{Livechats: h.Loads["ann"].Livechats + 1, Tickets: h.Loads["ann"].Tickets}
		}, histcheck.Count},
		"a counter is gone": {func(_ *testing.T, h *histcheck.History) {
			h.Loads = maps.Clone(h.Loads)
			delete(h.Loads, "bob")
		}, histcheck.Count},
		"a message that was accepted is lost": {func(_ *testing.T, h *histcheck.History) { h.Said = append(h.Said, "never") }, histcheck.Lost},
		"taken back after it was answered": {func(t *testing.T, h *histcheck.History) {
			i := find(t, h, 0, reclaimed)
			for j, e := range h.Events[:i] {
				if e.Conversation == h.Events[i].Conversation && e.Type == inbox.MessageEvent {
					h.Events[j].Messages = slices.Clone(e.Messages)
					h.Events[j].Messages[0].Author = workspace.Actor{Kind: workspace.ActorMember, ID: "ann"}
				}
			}
		}, histcheck.Answered},
		"taken back and put at the end": {func(t *testing.T, h *histcheck.History) {
			i := find(t, h, 0, reclaimed)
			h.Events[i].To.WaitingSince = h.Events[i].At
		}, histcheck.Answered},
		"taken back before its time": {func(t *testing.T, h *histcheck.History) {
			d := *h.Start
			d.Workspace.Rules.ReclaimAfter = time.Hour
			h.Start = &d
		}, histcheck.Early},
		"a wait that began again": {func(t *testing.T, h *histcheck.History) {
			i := find(t, h, 0, reclaimed)
			after := *h.Events[i].After
			after.AwaitingReplySince = after.AwaitingReplySince.Add(-time.Second)
			h.Events[i].After = &after
		}, histcheck.Answered},
		"neither an owner nor a place": {func(t *testing.T, h *histcheck.History) {
			i := find(t, h, 0, reclaimed)
			h.Events[i].To.WaitingSince = time.Time{}
		}, histcheck.Place},
		"an owner and a place": {func(t *testing.T, h *histcheck.History) {
			i := find(t, h, 0, given)
			h.Events[i].To.WaitingSince = h.Events[i].At
		}, histcheck.Place},
		"a load that nobody owns": {func(_ *testing.T, h *histcheck.History) {
			i := slices.IndexFunc(h.Conversations, func(c inbox.Conversation) bool { return c.CountsFor() != "" })
			h.Conversations[i].Status = inbox.Closed
		}, histcheck.Count},
		"somebody waits while a member is free": {func(t *testing.T, h *histcheck.History) {
			later(h, find(t, h, 0, given), time.Minute) // the slot opened a minute before
		}, histcheck.Waiting},
		"somebody waits at the end": {func(t *testing.T, h *histcheck.History) {
			h.Events = h.Events[:find(t, h, 0, given)] // the server that saw the slot died
			h.End = h.End.Add(time.Minute)
		}, histcheck.Waiting},
	} {
		t.Run(name, func(t *testing.T) {
			h := good
			h.Events, h.Conversations = slices.Clone(h.Events), slices.Clone(h.Conversations)
			h.Acknowledged = slices.Clone(h.Acknowledged)
			c.plant(t, &h)
			var rules []histcheck.Rule
			for _, f := range h.Check() {
				require.NotEmpty(t, f.String())
				rules = append(rules, f.Rule)
			}
			require.Contains(t, rules, c.want)
		})
	}
}

// Nobody free, nobody to blame: a long wait is none while all are busy, and who
// passed a conversation on does not get it back.
func TestWaitingIsNoFaultWhileNobodyIsFree(t *testing.T) {
	h := history(t)
	i := find(t, &h, 0, func(e inbox.Event) bool { return e.Kind == inbox.EventClosed })
	later(&h, i, time.Hour)
	require.Empty(t, h.Check())
	h.Patience = 0
	h.End = h.End.Add(time.Hour)
	require.Empty(t, h.Check())
}

// People are not bound by the cap: who takes a conversation back brings back the
// owner whom the rules chose, and so does who opens a closed one. B:Q10
func TestTheCapDoesNotBindPeople(t *testing.T) {
	h := history(t)
	d := *h.Start
	d.Workspace.Rules.MaxAutoAssigned = 1
	h.Start = &d
	caps := func() (n int) {
		for _, f := range h.Check() {
			if f.Rule == histcheck.Cap {
				n++
			}
		}
		return n
	}
	before := caps()
	require.Positive(t, before, "the rules gave more than one")
	for i, e := range h.Events {
		if e.Type == inbox.OwnershipEvent && e.To.Automatic && !e.From.Automatic {
			h.Events[i].Kind = inbox.EventUndone // as if a person had brought the owner back
		}
	}
	require.Zero(t, caps())
}

// Nobody waits for who is gone, as far as the rules go, and the times in which somebody
// does are found.
func TestStranded(t *testing.T) {
	good := taking(t)
	taken := find(t, &good, 1, reclaimed)
	require.Equal(t, inbox.ReclaimOwnerOffline, good.Events[taken].ReclaimCause())
	require.Empty(t, good.Stranded())
	for name, c := range map[string]struct {
		plant func(h *histcheck.History)
		want  time.Duration
		ended bool
	}{
		"the rule does nothing, for ever": {func(h *histcheck.History) {
			h.Events[taken].Kind, h.Events[taken].Type, h.Events[taken].To = "", inbox.MessageEvent, h.Events[taken].From
			h.Events = h.Events[:taken+1]
			h.End = h.Events[taken].At.Add(time.Hour)
		}, time.Hour, false},
		"the rule is late": {func(h *histcheck.History) {
			late := h.Events[taken]
			late.ID, late.Messages, late.At = "late", nil, late.At.Add(time.Minute)
			h.Events[taken].Kind, h.Events[taken].Type, h.Events[taken].To = "", inbox.MessageEvent, h.Events[taken].From
			h.Events = append(h.Events[:taken+1], late)
		}, time.Minute, true},
		"the owner goes while the contact waits, and comes back": {func(h *histcheck.History) {
			first := find(t, h, 0, reclaimed)
			m := h.Start.Members[h.Events[first].From.Assignee]
			gone, back := h.Events[first-1], h.Events[first-1]
			for e, is := range map[*inbox.Event]workspace.Availability{&gone: workspace.Offline, &back: workspace.Online} {
				m.Availability, m.Rev = is, map[workspace.Availability]int{workspace.Offline: 2, workspace.Online: 3}[is]
				changed := m
				*e = inbox.Event{ID: inbox.EventID(is), Type: inbox.DirectoryEvent, At: e.At, Directory: &workspace.DirectoryChange{Member: &changed}}
			}
			back.At = back.At.Add(7 * time.Second)
			h.Events = append(h.Events[:first:first], gone, back)
		}, 7 * time.Second, true},
	} {
		t.Run(name, func(t *testing.T) {
			h := good
			h.Events = slices.Clone(h.Events)
			c.plant(&h)
			found := h.Stranded()
			require.Len(t, found, 1)
			require.Equal(t, c.want, found[0].For)
			require.Equal(t, c.ended, found[0].Ended)
			require.NotEmpty(t, found[0].Owner)
		})
	}
}
