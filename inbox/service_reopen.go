package inbox

import (
	"cmp"
	"context"
)

// ReopenAndReply opens a closed conversation and writes, in one transaction. Rule
// onReopen decides the answerer. A contact need not know whether the conversation
// is closed: its message is written as by Send. B:C4.
func (s *Service) ReopenAndReply(ctx context.Context, p Principal, r SendRequest) (Sent, error) {
	if p.Actor.Kind == ActorContact {
		return s.sendAs(ctx, p, r, "reopen")
	}
	if err := r.check(); err != nil {
		return Sent{}, err
	}
	out, err := s.change(ctx, p, Request{Conversation: r.Conversation, Key: r.Key}, verb{
		name: "reopen", action: ActionReopenSend, args: []any{r.Body, r.Internal},
		apply: func(ctx context.Context, t *turn) (Move, error) {
			if err := checkEpoch(t.current, t.By, r.Epoch); err != nil {
				return Move{}, err
			}
			return s.reopen(ctx, t, Open, r.message(t.By))
		},
	})
	if err != nil {
		return Sent{}, err
	}
	sent := sentOf(out.Event)
	sent.Conversation = out.Conversation
	return sent, nil
}

// reopen is the step by which every request reopens a conversation: a new status, a
// reply, and a contact's message. They differ in the message. B:C3, B:C4
func (s *Service) reopen(ctx context.Context, t *turn, to Status, said ...Message) (Move, error) {
	by, err := s.answerer(ctx, t)
	m := Reopen(t.current, by, to, t.Turn)
	m.Event.Messages = said
	return m, err
}

// answerer is the party that answers the reopened conversation. An AI agent that
// reopens it goes on itself, and a former owner who reopens it keeps it.
func (s *Service) answerer(ctx context.Context, t *turn) (Answerer, error) {
	c, rule := t.current, t.Rules.OnReopen
	agent := Answerer{Agent: true}
	if c.goesOnWithAgent(t.By) || rule == ReopenWithOriginAI && !c.Owned() && t.access.agentRemains(c) {
		return agent, nil
	}
	if rule != ReopenByRoute {
		former := cmp.Or(c.Assignee, c.FormerAssignee)
		switch free, err := s.hasRoom(ctx, t, former, c.Team); {
		case err != nil:
			return Answerer{}, err
		case former != "" && former == t.By.Member() && t.access.mayOwn(former, c.Kind):
			t.cap = 0
			return Answerer{Member: former}, nil
		case free:
			return Answerer{Member: former, Automatic: true}, nil
		case former == "" && c.Handler() == HandledByAI && t.access.agentRemains(c):
			return agent, nil
		}
	}
	chosen, err := s.choose(ctx, t, c.Kind, c.Team, "")
	return Answerer{Member: chosen, Automatic: true}, err
}

// agentRemains reports whether c came from an AI agent that answers chats still.
func (a Access) agentRemains(c Conversation) bool {
	_, known := a.Directory.Agent(c.OriginAgent)
	return known && c.hasAgent()
}

// hasRoom reports whether a member is online and below the cap that holds in team,
// and remembers the cap for the commit.
func (s *Service) hasRoom(ctx context.Context, t *turn, id MemberID, team TeamID) (bool, error) {
	m, ok := t.access.Directory.Member(id)
	if !ok || m.Availability != Online || !t.access.LiveAgent(m, t.current.Kind) {
		return false, nil
	}
	loads, err := s.store.Loads(ctx, t.access.Principal.Workspace, []MemberID{id})
	t.cap = t.access.CapFor(m, team)
	free := loads[id].Used(t.Rules.CountedKinds()) < t.cap
	if !free {
		t.cap = 0
	}
	return free, err
}
