package world

import (
	"time"

	"pgregory.net/rapid"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// Life is one conversation on which random people do random things, if they
// may.
type Life struct {
	w     *World
	rules workspace.Rules
	now   time.Time
	// Conversation is as it is now, and Last the event that led to it.
	Conversation inbox.Conversation
	Last         inbox.Event
	loads        map[workspace.MemberID]int
	reserved     map[workspace.MemberID]int
	settled      map[inbox.OfferID]inbox.OfferStatus
}

// NewLife begins a life under drawn rules, which it sets in w.
func NewLife(t *rapid.T, w *World) *Life {
	l := &Life{w: w, now: Start(), loads: map[workspace.MemberID]int{}, reserved: map[workspace.MemberID]int{}, settled: map[inbox.OfferID]inbox.OfferStatus{}}
	l.rules = workspace.DefaultRules()
	l.rules.AIWhenAssigned = rapid.SampledFrom([]workspace.AIWhenAssigned{
		workspace.AIStops, workspace.AIStopsOnClaim, workspace.AIContinues,
	}).Draw(t, "aiWhenAssigned")
	l.rules.AIAfterUnassign = rapid.SampledFrom([]workspace.AIAfterUnassign{
		workspace.AIStaysStopped, workspace.AIResumes,
	}).Draw(t, "aiAfterUnassign")
	l.rules.OnCloseChat = rapid.SampledFrom([]workspace.OnCloseChat{
		workspace.ReturnToOriginAI, workspace.KeepAssignee, workspace.UnassignWhenClose,
	}).Draw(t, "onCloseChat")
	w.Roster.Workspace.Rules = l.rules
	d := inbox.Draft{ID: "c", Workspace: Home, Kind: rapid.SampledFrom(workspace.Kinds()).Draw(t, "kind"), Channel: "web"}
	d.OriginAgent = rapid.SampledFrom([]workspace.AgentID{"", Bot}).Draw(t, "agent")
	m := inbox.Create(d, SomeTeam(t), SomeMember(t), rapid.Bool().Draw(t, "automatic"), l.turn(workspace.System()))
	l.adopt(t, inbox.Conversation{Kind: d.Kind}, m)
	return l
}

// SomeTeam draws a team, or none.
func SomeTeam(t *rapid.T) workspace.TeamID {
	return rapid.SampledFrom([]workspace.TeamID{"", Billing, Sales}).Draw(t, "team")
}

// SomeMember draws a member, or nobody.
func SomeMember(t *rapid.T) workspace.MemberID {
	return rapid.SampledFrom([]workspace.MemberID{"", Me, Mate, Stranger, Senior, Manager}).Draw(t, "member")
}

func (l *Life) turn(by workspace.Actor) inbox.Command {
	return inbox.Command{By: by, At: l.now, Rules: l.rules}
}

// Step lets a random member or the agent try a random verb.
func (l *Life) Step(t *rapid.T) {
	l.now = l.now.Add(time.Duration(rapid.IntRange(1, 8).Draw(t, "seconds")) * time.Second)
	p := rapid.SampledFrom([]inbox.Principal{
		AsMember(Me), AsMember(Mate), AsMember(Stranger), AsMember(Senior), AsMember(Manager), AsAgent(Bot),
	}).Draw(t, "who")
	a, err := access.NewAccess(p, l.w.Roster, l.w.Policy)
	if err != nil {
		t.Fatal(err)
	}
	all := append(access.Actions(), access.StepUndo, access.StepAutoAssign, access.StepSetStatus, access.StepOffer, access.StepExpireOffer)
	verb := rapid.SampledFrom(all).Draw(t, "verb")
	m, done := l.try(t, a, verb)
	if done {
		before := l.Conversation
		l.adopt(t, before, m)
		l.checkVerb(t, verb, p.Actor, before)
	}
}

func (l *Life) try(t *rapid.T, a access.Access, verb inbox.Action) (m inbox.Move, done bool) {
	turn := l.turn(a.Principal.Actor)
	switch verb {
	case access.StepUndo:
		err := access.Undoable(l.Conversation, l.Last, turn.By, l.now, l.rules)
		return inbox.Undo(l.Conversation, l.Last, turn), err == nil
	case access.StepAutoAssign:
		to := SomeMember(t)
		return inbox.AutoAssign(l.Conversation, to, l.now, l.rules), to != "" && l.Conversation.Waiting()
	case access.StepSetStatus:
		to := rapid.SampledFrom([]inbox.Status{inbox.Open, inbox.Unset}).Draw(t, "status")
		return inbox.SetStatus(l.Conversation, to, turn), to != l.Conversation.Status && l.Conversation.Status != inbox.Closed
	case access.StepOffer, access.StepExpireOffer:
		allowed := access.VerbOf(verb).Judge(a, l.Conversation, access.Asked{At: l.now}).Allowed
		return l.apply(t, verb, turn), allowed
	default:
		return l.apply(t, verb, turn), a.Can(l.Conversation, verb).Allowed && isVerb(verb)
	}
}

// isVerb reports whether action changes the conversation itself.
func isVerb(action inbox.Action) bool {
	return access.VerbOf(action).Kind != "" && action != inbox.ActionStartNew
}

// apply runs the verb's declaration on whatever is drawn for it.
func (l *Life) apply(t *rapid.T, verb inbox.Action, turn inbox.Command) inbox.Move {
	w := access.Choice{To: access.Target{Member: SomeMember(t), Team: SomeTeam(t), Automatic: true}, Status: inbox.Open}
	switch verb {
	case inbox.ActionAssign, inbox.ActionTransfer:
		if w.To.Member == "" && w.To.Team == "" {
			w.To.Team = Billing
		}
	case access.StepOffer:
		w.Offer = inbox.OfferTerms{ID: inbox.OfferID(l.now.String()), Member: w.To.Member, Team: w.To.Team, Timeout: time.Second}
		if w.Offer.Member == "" && w.Offer.Team == "" {
			w.Offer.Team = Billing
		}
	case inbox.ActionDecline, access.StepExpireOffer:
		w.Next, w.Others = SomeMember(t), rapid.Bool().Draw(t, "others")
	case inbox.ActionReopen:
		w.Answerer.Agent = l.Conversation.Handler() == inbox.HandledByAI
	case inbox.ActionReopenSend:
		w.Answerer.Member, w.Answerer.Automatic = w.To.Member, w.To.Member != "" && rapid.Bool().Draw(t, "automatic")
	default:
	}
	if !isVerb(verb) {
		return inbox.Move{}
	}
	return access.VerbOf(verb).Apply(l.Conversation, turn, w)
}

// adopt makes m the present and checks what holds after every step.
func (l *Life) adopt(t *rapid.T, before inbox.Conversation, m inbox.Move) {
	must := func(ok bool, what string) {
		if !ok {
			t.Fatalf("%s\nbefore: %+v\nafter:  %+v\nevent:  %+v", what, before, m.After, m.Event)
		}
	}
	after := m.After
	created := before.Version == 0
	must(created || m.Event.From == l.Last.To, "an event begins where the one before ended")
	must(m.Event.To == after.Ownership, "an event ends in the conversation's ownership")
	must(after.Version == before.Version+1 && m.Event.Version == after.Version, "versions are contiguous")
	must(m.Event.Epoch == after.Epoch, "the event names the epoch")
	changed := after.Assignee != before.Assignee
	turned := changed || m.Event.Kind == inbox.EventReturnedToAI
	must(created || (after.Epoch == before.Epoch+1) == turned && (turned || after.Epoch == before.Epoch),
		"the epoch grows exactly with the assignee, and with a return to the AI")
	must(!changed || before.Assignee == "" || after.FormerAssignee == before.Assignee, "the former owner is remembered")

	must((after.Handler() == inbox.HandledByPerson) == after.Owned(), "HUMAN means owned")
	must(after.Handler() != inbox.HandledByAI || after.OriginAgent != "" && after.Kind == workspace.Livechat && !after.AIStopped,
		"only the agent of a chat handles it")
	must(after.Waiting() == !after.WaitingSince.IsZero(), "who waits has a time since when, and nobody else")
	must(!after.WaitingSince.After(l.now), "nobody waits from the future")
	needed := after.Status != inbox.Closed && after.Handler() != inbox.HandledByAI
	must(needed == !after.NeededSince.IsZero(), "since when a person is needed is known while one is")
	must(!needed || before.NeededSince.IsZero() || after.NeededSince.Equal(before.NeededSince), "and stays")
	must(after.UpForGrabs || after.Asleep() || after.GrabsUntil.IsZero(), "only what is up for grabs or asleep is so until a time")
	must(!after.Asleep() || after.Owned() && after.Status != inbox.Closed && !after.UpForGrabs, "only what somebody owns sleeps")
	must(after.Owned() || !after.Automatic, "nobody was chosen by the rules")

	for _, change := range inbox.LoadChanges(before, after) {
		must(change.Kind == after.Kind && max(change.Delta*change.Delta, change.Reserved*change.Reserved) == 1, "loads move one by one")
		l.loads[change.Member] += change.Delta
		l.reserved[change.Member] += change.Reserved
	}
	for id, load := range l.loads {
		want := 0
		if id == after.Assignee && after.Status != inbox.Closed && !after.Asleep() {
			want = 1
		}
		must(load == want, "the counter of "+string(id)+" is what a recount gives")
	}
	l.checkOffer(must, before, m)
	l.Conversation, l.Last = after, m.Event
	l.Last.Was = &inbox.Past{Offer: before.Offer}
}

// checkOffer: an open offer has an owner who sends it, each offer ends once, and nothing is
// reserved but for who is asked. B:T6
func (l *Life) checkOffer(must func(ok bool, what string), before inbox.Conversation, m inbox.Move) {
	after, e := m.After, m.Event
	must(!after.Offer.Open() || after.Assignee == after.Offer.Sender && after.Status != inbox.Closed, "who sends an open offer owns the conversation")
	for id, n := range l.reserved {
		want := 0
		if after.Offer.Open() && after.Offer.Member == id {
			want = 1
		}
		must(n == want, "what is reserved for "+string(id)+" is what a recount gives")
	}
	e.After, e.Was = &after, &inbox.Past{Offer: before.Offer}
	for _, o := range e.Offers() {
		_, ended := l.settled[o.ID]
		must(!ended, "an offer that ended changes no more")
		if !o.Open() {
			l.settled[o.ID] = o.Status
		}
	}
	must(!before.Offer.Open() || after.Offer.Open() && after.Offer.ID == before.Offer.ID || l.settled[before.Offer.ID] != "", "an offer that is no longer open has ended")
}

// checkVerb: status and assignee set each other only as closing a chat and
// reopening with a reply say. B:C1, B:C2, B:C3, B:C4
func (l *Life) checkVerb(t *rapid.T, verb inbox.Action, by workspace.Actor, before inbox.Conversation) {
	must := func(ok bool, what string) {
		if !ok {
			t.Fatalf("%s by %v: %s\nbefore: %+v\nafter:  %+v", verb, by, what, before, l.Conversation)
		}
	}
	moved := before.Assignee != l.Conversation.Assignee
	switch verb {
	case inbox.ActionClose:
		must(l.Conversation.Status == inbox.Closed, "closed")
		must(!moved || before.Kind == workspace.Livechat && l.rules.OnCloseChat != workspace.KeepAssignee && !l.Conversation.Owned(),
			"only a chat loses its owner")
	case access.StepSetStatus:
		must(!moved, "a status never touches the assignee")
		must(before.AIStopped == l.Conversation.AIStopped, "nor the agent")
	case inbox.ActionReopen, inbox.ActionReopenSend:
		must(l.Conversation.Status == inbox.Open, "open")
		must(l.Conversation.OpenedIn == l.Conversation.Version, "and since when is known")
	case inbox.ActionReturn:
		must(l.Conversation.Handler() == inbox.HandledByAI && l.Conversation.Epoch == before.Epoch+1,
			"the AI answers, and nothing late of the time before")
	case inbox.ActionClaim, inbox.ActionTakeOver:
		must(l.Conversation.Assignee == by.Member() && l.Conversation.AIStopped, "mine, and the agent stopped")
		must(l.Conversation.Status == before.Status, "the status stays")
	default:
		must(l.Conversation.Status == before.Status, "the status stays")
	}
}
