package inbox

import (
	"context"
	"time"
)

// NewAgent is an AI agent to make.
type NewAgent struct {
	Name string
	// Subject is the sub of the tokens that it signs in with; empty for none yet.
	Subject string
	Key     string
}

// CreateAgent makes an AI agent, which needs workspace.manage.
func (s *Service) CreateAgent(ctx context.Context, p Principal, n NewAgent) (AIAgent, error) {
	id := AgentID(s.nextID())
	done, err := s.administer(ctx, p, act{name: "createAiAgent", key: n.Key, args: n, decide: func(a Access) (Amendment, error) { return a.createAgent(id, n) }})
	if err != nil {
		return AIAgent{}, err
	}
	return *done.Agent, nil
}

func (a Access) createAgent(id AgentID, n NewAgent) (Amendment, error) {
	if err := a.Require(WorkspaceManage); err != nil {
		return Amendment{}, err
	}
	agent := AIAgent{ID: id, Workspace: a.Directory.Workspace.ID, Name: n.Name, Subject: n.Subject, Rev: 1}
	return agentAmendment(AuditAgentCreate, AIAgent{}, agent), a.checkAgent(agent)
}

// AgentEdit holds the changes of an AI agent; nil leaves a field as it is.
type AgentEdit struct {
	Name, Subject    *string
	ExpectedRevision *int
}

// UpdateAgent changes an AI agent, which needs workspace.manage.
func (s *Service) UpdateAgent(ctx context.Context, p Principal, id AgentID, edit AgentEdit) (AIAgent, error) {
	done, err := s.administer(ctx, p, act{name: "updateAiAgent", decide: func(a Access) (Amendment, error) { return a.updateAgent(id, edit) }})
	if err != nil {
		return AIAgent{}, err
	}
	return *done.Agent, nil
}

func (a Access) updateAgent(id AgentID, edit AgentEdit) (Amendment, error) {
	before, err := a.managedAgent(id, edit.ExpectedRevision)
	if err != nil {
		return Amendment{}, err
	}
	after := before
	if edit.Name != nil {
		after.Name = *edit.Name
	}
	if edit.Subject != nil {
		after.Subject = *edit.Subject
	}
	m := agentAmendment(AuditAgentUpdate, before, after)
	if len(m.Fields) > 0 {
		m.Changes[0].Agent.Rev++
	}
	return m, a.checkAgent(after)
}

// RemoveAgent removes an AI agent, which needs workspace.manage. Its tokens are
// worth nothing from then on, and chats that it answers wait for a person, at
// once or within moments. Released is how many chats that are, CountLimit at most.
func (s *Service) RemoveAgent(ctx context.Context, p Principal, id AgentID) (agent AIAgent, released int, err error) {
	now := s.clock()
	done, err := s.administer(ctx, p, act{name: "removeAiAgent", decide: func(a Access) (Amendment, error) { return a.removeAgent(id, now) }})
	if err != nil {
		return AIAgent{}, 0, err
	}
	return *done.Agent, s.beginEmptying(ctx, Emptying{Workspace: p.Workspace, Agent: id, Since: now}), nil
}

func (a Access) removeAgent(id AgentID, now time.Time) (Amendment, error) {
	before, err := a.managedAgent(id, nil)
	if err != nil {
		return Amendment{}, err
	}
	m := agentAmendment(AuditAgentRemove, before, AIAgent{})
	after := before
	after.Removed, after.EmptyingSince = true, now
	after.Rev++
	m.Changes, m.Target = []DirectoryChange{{Agent: &after}}, agentTarget(after)
	return m, nil
}

func (a Access) managedAgent(id AgentID, expected *int) (AIAgent, error) {
	if err := a.Require(WorkspaceManage); err != nil {
		return AIAgent{}, err
	}
	agent, ok := a.Directory.Agent(id)
	if !ok {
		return AIAgent{}, Missing("AI agent")
	}
	return agent, checkExpected(expected, agent.Rev)
}

// checkAgent refuses names that are none, and a subject that another agent has.
func (a Access) checkAgent(agent AIAgent) error {
	if err := checkName("name", agent.Name); err != nil {
		return err
	}
	if err := checkKey("subject", agent.Subject); err != nil {
		return err
	}
	for _, other := range a.Directory.Agents {
		if agent.Subject != "" && !other.Removed && other.ID != agent.ID && other.Subject == agent.Subject {
			return Invalid("subject", "Another AI agent signs in with this subject. Give each its own.")
		}
	}
	return nil
}

func agentAmendment(action AuditAction, before, after AIAgent) Amendment {
	var f auditFields
	f.text("name", before.Name, after.Name)
	f.text("subject", before.Subject, after.Subject)
	return Amendment{Changes: []DirectoryChange{{Agent: &after}}, Action: action, Target: agentTarget(after), Fields: f}
}

func agentTarget(agent AIAgent) AuditTarget {
	return AuditTarget{Kind: AuditAgent, ID: string(agent.ID), Name: agent.Name}
}
