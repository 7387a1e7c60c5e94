package inbox_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// life is one conversation on which random people do random things, if they
// may.
type life struct {
	w     *world
	rules workspace.Rules
	now   time.Time
	c     inbox.Conversation
	last  inbox.Event
	loads map[workspace.MemberID]int
}

func newLife(t *rapid.T, w *world) *life {
	l := &life{w: w, now: start(), loads: map[workspace.MemberID]int{}}
	l.rules = workspace.DefaultRules()
	l.rules.AIWhenAssigned = rapid.SampledFrom([]workspace.AIWhenAssigned{workspace.AIStops, workspace.AIStopsOnClaim, workspace.AIContinues}).Draw(t, "aiWhenAssigned")
	l.rules.AIAfterUnassign = rapid.SampledFrom([]workspace.AIAfterUnassign{workspace.AIStaysStopped, workspace.AIResumes}).Draw(t, "aiAfterUnassign")
	l.rules.OnCloseChat = rapid.SampledFrom([]workspace.OnCloseChat{workspace.ReturnToOriginAI, workspace.KeepAssignee, workspace.UnassignWhenClose}).Draw(t, "onCloseChat")
	w.directory.Workspace.Rules = l.rules
	d := inbox.Draft{ID: "c", Workspace: home, Kind: rapid.SampledFrom(workspace.Kinds()).Draw(t, "kind"), Channel: "web"}
	d.OriginAgent = rapid.SampledFrom([]workspace.AgentID{"", bot}).Draw(t, "agent")
	m := inbox.Create(d, someTeam(t), someMember(t), rapid.Bool().Draw(t, "automatic"), l.turn(workspace.System()))
	l.adopt(t, inbox.Conversation{Kind: d.Kind}, m)
	return l
}

func someTeam(t *rapid.T) workspace.TeamID {
	return rapid.SampledFrom([]workspace.TeamID{"", billing, sales}).Draw(t, "team")
}

func someMember(t *rapid.T) workspace.MemberID {
	return rapid.SampledFrom([]workspace.MemberID{"", me, mate, stranger, senior, manager}).Draw(t, "member")
}

func (l *life) turn(by workspace.Actor) inbox.Command {
	return inbox.Command{By: by, At: l.now, Rules: l.rules}
}

// step lets a random member or the agent try a random verb.
func (l *life) step(t *rapid.T) {
	l.now = l.now.Add(time.Duration(rapid.IntRange(1, 8).Draw(t, "seconds")) * time.Second)
	p := rapid.SampledFrom([]inbox.Principal{asMember(me), asMember(mate), asMember(stranger), asMember(senior), asMember(manager), asAgent(bot)}).Draw(t, "who")
	a, err := access.NewAccess(p, l.w.directory, l.w.policy)
	if err != nil {
		t.Fatal(err)
	}
	verb := rapid.SampledFrom(append(access.Actions(), "UNDO", "ROUTE", "SET_STATUS")).Draw(t, "verb")
	m, done := l.try(t, a, verb)
	if done {
		before := l.c
		l.adopt(t, before, m)
		l.checkVerb(t, verb, p.Actor, before)
	}
}

func (l *life) try(t *rapid.T, a access.Access, verb inbox.Action) (m inbox.Move, done bool) {
	turn := l.turn(a.Principal.Actor)
	switch verb {
	case "UNDO":
		return inbox.Undo(l.c, l.last, turn), access.Undoable(l.c, l.last, turn.By, l.now, l.rules) == nil
	case "ROUTE":
		to := someMember(t)
		return inbox.AutoAssign(l.c, to, l.now, l.rules), to != "" && l.c.Waiting()
	case "SET_STATUS":
		to := rapid.SampledFrom([]inbox.Status{inbox.Open, inbox.Unset}).Draw(t, "status")
		return inbox.SetStatus(l.c, to, turn), to != l.c.Status && l.c.Status != inbox.Closed
	default:
		return l.apply(t, verb, turn), a.Can(l.c, verb).Allowed && isVerb(verb)
	}
}

func isVerb(action inbox.Action) bool {
	return action != inbox.ActionView && action != inbox.ActionReply && action != inbox.ActionMonitor && action != inbox.ActionStartNew
}

func (l *life) apply(t *rapid.T, verb inbox.Action, turn inbox.Command) inbox.Move {
	team, member := someTeam(t), someMember(t)
	switch verb {
	case inbox.ActionAssign:
		if team != "" || member == "" {
			return inbox.AssignToTeam(l.c, team, member, turn)
		}
		return inbox.Assign(l.c, member, turn)
	case inbox.ActionTransfer:
		if team != "" || member == "" {
			return inbox.TransferToTeam(l.c, team, member, turn)
		}
		return inbox.Transfer(l.c, member, turn)
	case inbox.ActionClaim:
		return inbox.Claim(l.c, turn)
	case inbox.ActionUnassign:
		return inbox.Unassign(l.c, turn)
	case inbox.ActionTakeOver:
		return inbox.TakeOver(l.c, turn)
	case inbox.ActionLeave:
		return inbox.Leave(l.c, turn)
	case inbox.ActionClose:
		return inbox.Close(l.c, turn)
	case inbox.ActionReopen:
		return inbox.Reopen(l.c, inbox.Answerer{Agent: l.c.Handler() == inbox.HandledByAI}, inbox.Open, turn)
	case inbox.ActionReopenSend:
		return inbox.Reopen(l.c, inbox.Answerer{Member: member, Automatic: member != "" && rapid.Bool().Draw(t, "automatic")}, inbox.Open, turn)
	case inbox.ActionReturn:
		return inbox.ReturnToAgent(l.c, turn)
	case inbox.ActionHandOff:
		return inbox.HandOff(l.c, team, member, true, turn)
	default:
		return inbox.Move{}
	}
}

// adopt makes m the present and checks what holds after every step.
func (l *life) adopt(t *rapid.T, before inbox.Conversation, m inbox.Move) {
	must := func(ok bool, what string) {
		if !ok {
			t.Fatalf("%s\nbefore: %+v\nafter:  %+v\nevent:  %+v", what, before, m.After, m.Event)
		}
	}
	after := m.After
	created := before.Version == 0
	must(created || m.Event.From == l.last.To, "an event begins where the one before ended")
	must(m.Event.To == after.Ownership, "an event ends in the conversation's ownership")
	must(after.Version == before.Version+1 && m.Event.Version == after.Version, "versions are contiguous")
	must(m.Event.Epoch == after.Epoch, "the event names the epoch")
	changed := after.Assignee != before.Assignee
	turned := changed || m.Event.Kind == inbox.EventReturnedToAI
	must(created || (after.Epoch == before.Epoch+1) == turned && (turned || after.Epoch == before.Epoch), "the epoch grows exactly with the assignee, and with a return to the AI")
	must(!changed || before.Assignee == "" || after.FormerAssignee == before.Assignee, "the former owner is remembered")

	must((after.Handler() == inbox.HandledByPerson) == after.Owned(), "HUMAN means owned")
	must(after.Handler() != inbox.HandledByAI || after.OriginAgent != "" && after.Kind == workspace.Livechat && !after.AIStopped, "only the agent of a chat handles it")
	must(after.Waiting() == !after.WaitingSince.IsZero(), "who waits has a time since when, and nobody else")
	must(!after.WaitingSince.After(l.now), "nobody waits from the future")
	needed := after.Status != inbox.Closed && after.Handler() != inbox.HandledByAI
	must(needed == !after.NeededSince.IsZero(), "since when a person is needed is known while one is")
	must(!needed || before.NeededSince.IsZero() || after.NeededSince.Equal(before.NeededSince), "and stays")
	must(after.UpForGrabs || after.GrabsUntil.IsZero(), "only what is up for grabs is so until a time")
	must(after.Owned() || !after.Automatic, "nobody was chosen by the rules")

	for _, change := range inbox.LoadChanges(before, after) {
		must(change.Kind == after.Kind && (change.Delta == 1 || change.Delta == -1), "loads move one by one")
		l.loads[change.Member] += change.Delta
	}
	for id, load := range l.loads {
		want := 0
		if id == after.Assignee && after.Status != inbox.Closed {
			want = 1
		}
		must(load == want, "the counter of "+string(id)+" is what a recount gives")
	}
	l.c, l.last = after, m.Event
}

// checkVerb: status and assignee set each other only as closing a chat and
// reopening with a reply say. B:C1, B:C2, B:C3, B:C4
func (l *life) checkVerb(t *rapid.T, verb inbox.Action, by workspace.Actor, before inbox.Conversation) {
	must := func(ok bool, what string) {
		if !ok {
			t.Fatalf("%s by %v: %s\nbefore: %+v\nafter:  %+v", verb, by, what, before, l.c)
		}
	}
	moved := before.Assignee != l.c.Assignee
	switch verb {
	case inbox.ActionClose:
		must(l.c.Status == inbox.Closed, "closed")
		must(!moved || before.Kind == workspace.Livechat && l.rules.OnCloseChat != workspace.KeepAssignee && !l.c.Owned(), "only a chat loses its owner")
	case "SET_STATUS":
		must(!moved, "a status never touches the assignee")
		must(before.AIStopped == l.c.AIStopped, "nor the agent")
	case inbox.ActionReopen, inbox.ActionReopenSend:
		must(l.c.Status == inbox.Open, "open")
		must(l.c.OpenedIn == l.c.Version, "and since when is known")
	case inbox.ActionReturn:
		must(l.c.Handler() == inbox.HandledByAI && l.c.Epoch == before.Epoch+1, "the AI answers, and nothing late of the time before")
	case inbox.ActionClaim, inbox.ActionTakeOver:
		must(l.c.Assignee == by.Member() && l.c.AIStopped, "mine, and the agent stopped")
		must(l.c.Status == before.Status, "the status stays")
	default:
		must(l.c.Status == before.Status, "the status stays")
	}
}

func TestAnySequenceOfVerbsKeepsTheBooks(t *testing.T) {
	shared := newWorld(t)
	rapid.Check(t, func(t *rapid.T) {
		l := newLife(t, shared.clone())
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			l.step(t)
		}
	})
}
