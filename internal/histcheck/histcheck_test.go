package histcheck_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
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
func history(t *testing.T) histcheck.History {
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
		Now:   func() time.Time { f.clock = f.clock.Add(time.Second); return f.clock },
		NewID: func() string { f.ids++; return fmt.Sprintf("id%05d", f.ids) },
	})
	h := histcheck.History{Start: directory(), Policy: policy, Patience: 10 * time.Second}
	position, err := histcheck.Begin(ctx, s)
	require.NoError(t, err)
	f.play()
	require.NoError(t, h.Read(ctx, s, position))
	h.End = f.clock
	for _, e := range h.Events {
		h.Acknowledged = append(h.Acknowledged, e.ID)
	}
	return h
}

func (f *floor) play() {
	ctx := f.t.Context()
	bot := inbox.Principal{Workspace: ws, Actor: workspace.Actor{Kind: workspace.ActorAgent, ID: "bot"}}
	var chats []inbox.ConversationID
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
	_, err = f.Admin.SetAvailability(ctx, as("cid"), workspace.Online, "")
	require.NoError(f.t, err)
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
	good := history(t)
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
