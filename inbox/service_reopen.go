package inbox

import "context"

// ReopenAndReply opens a closed conversation and sends, in one transaction. It
// lands with the former owner when online and below the cap, else with the
// member who replies, else as the rules decide. B:C4.
func (s *Service) ReopenAndReply(ctx context.Context, p Principal, r SendRequest) (Sent, error) {
	if err := r.check(); err != nil {
		return Sent{}, err
	}
	if err := r.checkAuthor(p.Actor); err != nil {
		return Sent{}, err
	}
	if err := s.spend(p, r.Body, false); err != nil {
		return Sent{}, err
	}
	out, err := s.change(ctx, p, Request{Conversation: r.Conversation, Key: r.Key}, verb{
		name: "reopen", action: ActionReopenSend, args: []any{r.Body, r.Internal},
		apply: func(ctx context.Context, t *turn) (Move, error) { return s.reopen(ctx, t, r) },
	})
	if err != nil {
		return Sent{}, err
	}
	sent := sentOf(out.Event)
	sent.Conversation = out.Conversation
	return sent, nil
}

func (s *Service) reopen(ctx context.Context, t *turn, r SendRequest) (Move, error) {
	if err := checkEpoch(t.current, t.By, r.Epoch); err != nil {
		return Move{}, err
	}
	chosen, automatic, err := s.reopener(ctx, t)
	m := Reopen(t.current, chosen, automatic, t.Turn)
	m.Event.Messages = []Message{{Author: t.By, Body: r.Body, Internal: r.Internal}}
	return m, err
}

func (s *Service) reopener(ctx context.Context, t *turn) (chosen MemberID, automatic bool, err error) {
	if t.current.goesOnWithAgent(t.By) {
		return "", false, nil
	}
	former := t.current.Assignee
	if former == "" {
		former = t.current.FormerAssignee
	}
	free, err := s.hasRoom(ctx, t, former)
	switch {
	case err != nil:
		return "", false, err
	case free:
		return former, former != t.By.Member(), nil
	case t.access.mayTake(t.current):
		t.cap = 0
		return t.By.Member(), false, nil
	case former == "" && t.current.Handler() == HandledByAI:
		return "", false, nil
	}
	chosen, err = s.choose(ctx, t, t.current.Kind, t.current.Team, former)
	return chosen, true, err
}

// hasRoom reports whether m is online and below the cap, and remembers the cap
// for the commit.
func (s *Service) hasRoom(ctx context.Context, t *turn, id MemberID) (bool, error) {
	m, ok := t.access.Directory.Member(id)
	if !ok || m.Availability != Online || !t.access.LiveAgent(m, t.current.Kind) {
		return false, nil
	}
	loads, err := s.store.Loads(ctx, t.access.Principal.Workspace, []MemberID{id})
	t.cap = t.access.CapFor(m, t.current.Team)
	return loads[id].Used(t.Rules.CountedKinds()) < t.cap, err
}
