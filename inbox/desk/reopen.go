package desk

import (
	"cmp"
	"context"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// ReopenAndReply opens a closed conversation and writes, in one transaction. Rule
// onReopen decides the answerer. A contact need not know whether the conversation
// is closed: its message is written as by Send. B:C4.
func (s *Messages) ReopenAndReply(ctx context.Context, p inbox.Principal, r SendRequest) (Sent, error) {
	if p.Actor.Kind == workspace.ActorContact {
		return s.sendAs(ctx, p, r, "reopen")
	}
	if err := r.check(); err != nil {
		return Sent{}, err
	}
	out, err := s.run.change(ctx, p, Request{Conversation: r.Conversation, Key: r.Key}, verb{
		name: "reopen", declared: s.run.the(inbox.ActionReopenSend), args: []any{r.Body, r.Internal},
		choose: func(ctx context.Context, t *attempt) (access.Choice, error) {
			if err := checkEpoch(t.current, t.By, r.Epoch); err != nil {
				return access.Choice{}, err
			}
			return s.run.reopening(ctx, t, inbox.Open, r.message(t.By))
		},
	})
	if err != nil {
		return Sent{}, err
	}
	sent := sentOf(out.Event)
	sent.Conversation = out.Conversation
	return sent, nil
}

// reopening is what every request that reopens a conversation decides: a new status, a
// reply, and a contact's message. They differ in the message. B:C3, B:C4
func (s *runner) reopening(
	ctx context.Context, t *attempt, to inbox.Status, said ...inbox.Message,
) (access.Choice, error) {
	by, err := s.answerer(ctx, t)
	return access.Choice{Answerer: by, Status: to, Messages: said}, err
}

// answerer is the party that answers the reopened conversation. An AI agent that
// reopens it goes on itself, and a former owner who reopens it keeps it.
func (s *runner) answerer(ctx context.Context, t *attempt) (inbox.Answerer, error) {
	c, rule := t.current, t.Rules.OnReopen
	agent := inbox.Answerer{Agent: true}
	if c.GoesOnWithAgent(t.By) || rule == workspace.ReopenWithOriginAI && !c.Owned() && agentRemains(t.access, c) {
		return agent, nil
	}
	if rule != workspace.ReopenByRoute {
		former := cmp.Or(c.Assignee, c.FormerAssignee)
		switch free, err := s.route.hasRoom(ctx, t, former, c.Team); {
		case err != nil:
			return inbox.Answerer{}, err
		case former != "" && former == t.By.Member() && t.access.MayOwn(former, c.Kind):
			t.cap = 0
			return inbox.Answerer{Member: former}, nil
		case free:
			return inbox.Answerer{Member: former, Automatic: true}, nil
		case former == "" && c.Handler() == inbox.HandledByAI && agentRemains(t.access, c):
			return agent, nil
		}
	}
	chosen, err := s.route.choose(ctx, t, c.Kind, c.Team, "")
	return inbox.Answerer{Member: chosen, Automatic: true}, err
}

// agentRemains reports whether c came from an AI agent that answers chats still.
func agentRemains(a access.Access, c inbox.Conversation) bool {
	_, known := a.Directory.Agent(c.OriginAgent)
	return known && c.HasAgent()
}

// hasRoom reports whether a member is online and below the cap that holds in team,
// and remembers the cap for the commit.
func (s *router) hasRoom(ctx context.Context, t *attempt, id workspace.MemberID, team workspace.TeamID) (bool, error) {
	m, ok := t.access.Directory.Member(id)
	if !ok || m.Availability != workspace.Online || !t.access.LiveAgent(m, t.current.Kind) {
		return false, nil
	}
	loads, err := s.store.Loads(ctx, t.access.Principal.Workspace, []workspace.MemberID{id})
	t.cap = access.CapFor(t.access, m, team)
	free := loads[id].Used(t.Rules.CountedKinds()) < t.cap
	if !free {
		t.cap = 0
	}
	return free, err
}
