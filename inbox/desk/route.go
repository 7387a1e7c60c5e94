package desk

import (
	"context"
	"errors"
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
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
	rotation *inbox.Rotation
	turn     *rotationTurn // unless nil, of the rotation
	// nobodyFree says that there were members to choose from, all at their cap.
	nobodyFree bool
	release    []func()
	// letNext, when set, is called once the commit of the choice has its place.
	letNext func()
}

// letGo releases the load that was reserved for the choice, and forgets it.
func (c *selection) letGo() {
	for _, release := range c.release {
		release()
	}
	c.endTurn()
	*c = selection{}
}

// endTurn lets the next of the rotation choose.
func (c *selection) endTurn() {
	if c.turn != nil {
		c.turn.end()
		c.turn = nil
	}
}

// choose picks a member of team (of the workspace when empty) by the method in
// force, leaving out some. Empty when the conversation has to wait.
func (s *router) choose(ctx context.Context, t *attempt, kind workspace.Kind, team workspace.TeamID, except ...workspace.MemberID) (workspace.MemberID, error) {
	if t.access.Directory.Teams[team].Removed {
		team = ""
	}
	method, fellBack := access.MethodFor(t.access, team)
	if fellBack {
		t.warnings = append(t.warnings, inbox.WarnMethodAbovePlan)
	}
	if !t.Rules.Routes(kind) || method == workspace.Voluntary || t.lost >= maxLostChoices {
		return "", nil
	}
	if !t.passesLine && s.line.Waits(t.access.Principal.Workspace, inbox.Queue{Team: team, Kind: kind}) {
		return "", s.noteFull(ctx, t, kind, team, except...)
	}
	if method == workspace.RoundRobin {
		if err := s.lockRotation(ctx, t, team); err != nil {
			return "", err
		}
	}
	candidates, rotation, err := s.candidates(ctx, t, kind, team, except...)
	if err != nil {
		return "", err
	}
	if t.turn != nil {
		rotation = t.turn.after(rotation)
	}
	chosen, ok := Choose(method, candidates, rotation, s.pick)
	if ok && method == workspace.Balanced && t.lost > 0 {
		chosen = anyAsBusy(chosen, candidates, s.pick)
	}
	t.nobodyFree = !ok && len(candidates) > 0
	if ok {
		s.hold(t, method, chosen, rotation)
	} else {
		t.endTurn()
	}
	return chosen.Member, nil
}

// noteFull notes whether all of a team are at their cap where a conversation is queued
// behind others, so that the line hides no warning. Nobody is warned of the workspace.
func (s *router) noteFull(ctx context.Context, t *attempt, kind workspace.Kind, team workspace.TeamID, except ...workspace.MemberID) error {
	if team == "" {
		return nil
	}
	all, _, err := s.candidates(ctx, t, kind, team, except...)
	t.nobodyFree = len(all) > 0 && !slices.ContainsFunc(all, func(c Candidate) bool { return c.Used < c.Cap })
	return err
}

// hold sets the conditions of the choice that the commit verifies. B:Q2, B:Q4,
// B:Q6.
func (s *router) hold(t *attempt, method workspace.Method, chosen Candidate, last inbox.Rotation) {
	t.cap, t.chosen = chosen.Cap, chosen
	if held := chosen.Load.Held(); method == workspace.Balanced && t.lost < maxProvedChoices {
		t.seen = &held
	}
	if method == workspace.RoundRobin {
		t.rotation = &inbox.Rotation{Team: last.Team, Member: chosen.Member, Since: chosen.OnlineSince, Count: last.Count + 1}
	}
	s.reserve(t, chosen.Member)
}

// reserve counts one more for a member until t lets go.
func (s *router) reserve(t *attempt, m workspace.MemberID) {
	ws := t.access.Principal.Workspace
	s.loads.Reserve(ws, m)
	t.release = append(t.release, func() { s.loads.Release(ws, m) })
}

func (s *router) candidates(ctx context.Context, t *attempt, kind workspace.Kind, team workspace.TeamID, except ...workspace.MemberID) ([]Candidate, inbox.Rotation, error) {
	members := access.Eligible(t.access, kind, team)
	ids := make([]workspace.MemberID, len(members))
	for i := range members {
		ids[i] = members[i].ID
	}
	loads, rotation, err := s.loads.Get(ctx, t.access.Principal.Workspace, ids, team)
	if err != nil {
		return nil, inbox.Rotation{}, err
	}
	rotation.Team = team
	counted := t.Rules.CountedKinds()
	capOf := access.Caps(t.access, team)
	out := make([]Candidate, 0, len(members))
	for i := range members {
		m := &members[i]
		if slices.Contains(except, m.ID) {
			continue
		}
		c := Candidate{Member: m.ID, Load: loads[i], Used: loads[i].Used(counted), Cap: capOf(m), OnlineSince: m.OnlineSince}
		c.Load.Livechats += max(0, t.taken[m.ID]-c.Load.Held())
		out = append(out, c)
	}
	return out, rotation, nil
}

// chooseFor is choose for a conversation that is given to a team by name, which
// rule teamTarget may leave to the team. B:A5.
func (s *router) chooseFor(ctx context.Context, t *attempt, kind workspace.Kind, team workspace.TeamID) (workspace.MemberID, error) {
	if t.Rules.TeamTarget == workspace.TeamTargetPool {
		return "", nil
	}
	return s.choose(ctx, t, kind, team, t.current.Assignee)
}

// target is the next owner whom a request names: a member, or a team, for which the
// rules may choose.
func (s *router) target(ctx context.Context, t *attempt, kind workspace.Kind, to access.Owner) (access.Target, error) {
	if to.Team == "" {
		return access.Target{Member: to.Member}, nil
	}
	chosen, err := s.chooseFor(ctx, t, kind, to.Team)
	return access.Target{Member: chosen, Team: to.Team, Automatic: true}, err
}

// commit writes c, and notifies the observers. A choice that did not hold is
// counted, and its loads are read again for the next.
func (s *runner) commit(ctx context.Context, t *attempt, c commit.Change) error {
	c.Placed = t.placed(c)
	err := s.store.Commit(ctx, c)
	if err != nil && t.turn != nil {
		t.turn.fail()
	}
	s.committed(t, c, err)
	return err
}

// placed lets others go on once c has its place among the commits; nil if nobody waits.
func (t *attempt) placed(c commit.Change) func() {
	turns := t.turn != nil && c.Rotation != nil
	if !turns && t.letNext == nil {
		return nil
	}
	return func() {
		if turns {
			t.turn.place(*c.Rotation)
		}
		if t.letNext != nil {
			t.letNext()
		}
	}
}

// committed draws the conclusions from a commit that returned err.
func (s *runner) committed(t *attempt, c commit.Change, err error) {
	if errors.Is(err, commit.ErrStale) {
		s.route.lostChanges.Add(1)
	}
	switch {
	case err == nil:
		s.base.Committed(c.Event)
	case errors.Is(err, commit.ErrAtCap):
		s.route.lostChoice(t, c.Conversation)
	default: // its outcome may be unknown
		s.route.invalidate(c.Conversation)
	}
}

// lostChoice counts a choice that did not hold; the member's cached load is read
// again.
func (s *router) lostChoice(t *attempt, c inbox.Conversation) {
	s.lostChoices.Add(1)
	t.loseChoice()
	s.invalidate(c)
}

// invalidate has the load of the member read again whom the rules may have chosen for c:
// its owner, or who is offered it.
func (s *router) invalidate(c inbox.Conversation) {
	if c.Offer.Open() {
		s.loads.Invalidate(c.Workspace, c.Offer.Member, c.Offer.Team)
		return
	}
	s.loads.Invalidate(c.Workspace, c.Assignee, c.Team)
}

// loseChoice records that another commit chose the same member, so that the next
// choice counts that commit although it cannot be read yet.
func (t *attempt) loseChoice() {
	t.lost++
	if t.slower != nil {
		t.slower()
	}
	if t.taken == nil {
		t.taken = map[workspace.MemberID]int{}
	}
	t.taken[t.chosen.Member] = t.chosen.Load.Held() + 1
}
