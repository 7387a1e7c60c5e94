package inbox

import (
	"context"
	"errors"
)

// maxLostChoices bounds how often a verb chooses again because others chose the
// same meanwhile. Then the conversation waits, and the dispatch of the queue finds
// it there.
const maxLostChoices = 6

// maxProvedChoices is how many of these choices must be proved exact. After
// that the cap is proved alone, so that a crowd gets through.
const maxProvedChoices = 3

// selection is the choice of the rules, which the commit verifies.
type selection struct {
	cap      int // of the member chosen; zero when a person named the member
	chosen   Candidate
	seen     *int
	rotation *Rotation
	// nobodyFree says that there were members to choose from, all at their cap.
	nobodyFree bool
	release    []func()
}

// letGo releases the load that was reserved for the choice, and forgets it.
func (c *selection) letGo() {
	for _, release := range c.release {
		release()
	}
	*c = selection{}
}

// choose picks a member of team (of the workspace when empty) by the method in
// force, leaving out except. Empty when the conversation has to wait.
func (s *Service) choose(ctx context.Context, t *turn, kind Kind, team TeamID, except MemberID) (MemberID, error) {
	if t.access.Directory.Teams[team].Removed {
		team = ""
	}
	method, fellBack := t.access.MethodFor(team)
	if fellBack {
		t.warnings = append(t.warnings, WarnMethodAbovePlan)
	}
	if !t.Rules.Routes(kind) || method == Voluntary || t.lost >= maxLostChoices {
		return "", nil
	}
	if !t.inLine && s.line.Waits(t.access.Principal.Workspace, Queue{team, kind}) {
		return "", nil
	}
	if method == RoundRobin {
		if err := s.enterRound(ctx, t, team); err != nil {
			return "", err
		}
	}
	candidates, rotation, err := s.candidates(ctx, t, kind, team, except)
	if err != nil {
		return "", err
	}
	chosen, ok := Choose(method, candidates, rotation, s.pick)
	if ok && method == Balanced && t.lost > 0 {
		chosen = anyAsBusy(chosen, candidates, s.pick)
	}
	t.nobodyFree = !ok && len(candidates) > 0
	if ok {
		s.hold(t, method, chosen, rotation)
	}
	return chosen.Member, nil
}

// hold sets the conditions of the choice that the commit verifies. B:Q2, B:Q4,
// B:Q6.
func (s *Service) hold(t *turn, method Method, chosen Candidate, last Rotation) {
	ws := t.access.Principal.Workspace
	t.cap, t.chosen = chosen.Cap, chosen
	if open := chosen.Load.Open(); method == Balanced && t.lost < maxProvedChoices {
		t.seen = &open
	}
	if method == RoundRobin {
		t.rotation = &Rotation{Team: last.Team, Member: chosen.Member, Since: chosen.OnlineSince, Count: last.Count + 1}
	}
	s.loads.Hold(ws, chosen.Member)
	t.release = append(t.release, func() { s.loads.Release(ws, chosen.Member) })
}

func (s *Service) candidates(ctx context.Context, t *turn, kind Kind, team TeamID, except MemberID) ([]Candidate, Rotation, error) {
	members := t.access.Eligible(kind, team)
	ids := make([]MemberID, len(members))
	for i := range members {
		ids[i] = members[i].ID
	}
	loads, rotation, err := s.loads.Look(ctx, t.access.Principal.Workspace, ids, team)
	if err != nil {
		return nil, Rotation{}, err
	}
	rotation.Team = team
	counted := t.Rules.CountedKinds()
	capOf := t.access.caps(team)
	out := make([]Candidate, 0, len(members))
	for i := range members {
		m := &members[i]
		if m.ID == except {
			continue
		}
		c := Candidate{Member: m.ID, Load: loads[i], Used: loads[i].Used(counted), Cap: capOf(m), OnlineSince: m.OnlineSince}
		c.Load.Livechats += max(0, t.taken[m.ID]-c.Load.Open())
		out = append(out, c)
	}
	return out, rotation, nil
}

// chooseFor is choose for a conversation that is given to a team by name, which
// rule teamTarget may leave to the team. B:A5.
func (s *Service) chooseFor(ctx context.Context, t *turn, kind Kind, team TeamID) (MemberID, error) {
	if t.Rules.TeamTarget == TeamTargetPool {
		return "", nil
	}
	return s.choose(ctx, t, kind, team, t.current.Assignee)
}

// commit writes c, and notifies the observers. A choice that did not hold is
// counted, and its loads are read again for the next.
func (s *Service) commit(ctx context.Context, t *turn, c Change) error {
	err := s.store.Commit(ctx, c)
	if errors.Is(err, ErrStale) {
		s.lostChanges.Add(1)
	}
	switch {
	case err == nil:
		s.committed(c.Event)
	case errors.Is(err, ErrAtCap):
		s.lostChoice(t, c.Conversation)
	default: // its outcome may be unknown
		s.loads.Doubt(c.Conversation.Workspace, c.Conversation.Assignee, c.Conversation.Team)
	}
	return err
}

// lostChoice counts a choice that did not hold; the member's cached load is read
// again.
func (s *Service) lostChoice(t *turn, c Conversation) {
	s.lostChoices.Add(1)
	t.loseChoice()
	s.loads.Doubt(c.Workspace, c.Assignee, c.Team)
}

// loseChoice records that another commit chose the same member, so that the next
// choice counts that commit although it cannot be read yet.
func (t *turn) loseChoice() {
	t.lost++
	if t.slower != nil {
		t.slower()
	}
	if t.taken == nil {
		t.taken = map[MemberID]int{}
	}
	t.taken[t.chosen.Member] = t.chosen.Load.Open() + 1
}

func (s *Service) committed(e Event) {
	for _, o := range s.observers {
		o.Committed(e)
	}
}
