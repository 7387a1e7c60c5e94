package admin

import (
	"context"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/audit"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// NewAgent is an AI agent to make.
type NewAgent struct {
	Name string
	// Subject is the sub of the tokens that it signs in with; empty for none yet.
	Subject string
	Key     string
}

// CreateAgent makes an AI agent, which needs workspace.manage.
func (s *Service) CreateAgent(ctx context.Context, p inbox.Principal, n NewAgent) (workspace.AIAgent, error) {
	id := workspace.AgentID(s.base.NewID())
	done, err := s.administer(ctx, p, act{name: "createAiAgent", key: n.Key, args: n, decide: func(a access.Access) (Amendment, error) { return createAgent(a, id, n) }})
	if err != nil {
		return workspace.AIAgent{}, err
	}
	return *done.Agent, nil
}

func createAgent(a access.Access, id workspace.AgentID, n NewAgent) (Amendment, error) {
	if err := a.Require(workspace.WorkspaceManage); err != nil {
		return Amendment{}, err
	}
	agent := workspace.AIAgent{ID: id, Workspace: a.Directory.Workspace.ID, Name: n.Name, Subject: n.Subject, Rev: 1}
	return agentAmendment(audit.AuditAgentCreate, workspace.AIAgent{}, agent), checkAgent(a, workspace.AIAgent{}, agent)
}

// AgentEdit holds the changes of an AI agent; nil leaves a field as it is.
type AgentEdit struct {
	Name, Subject    *string
	ExpectedRevision *int
}

// UpdateAgent changes an AI agent, which needs workspace.manage.
func (s *Service) UpdateAgent(ctx context.Context, p inbox.Principal, id workspace.AgentID, edit AgentEdit) (workspace.AIAgent, error) {
	done, err := s.administer(ctx, p, act{name: "updateAiAgent", decide: func(a access.Access) (Amendment, error) { return updateAgent(a, id, edit) }})
	if err != nil {
		return workspace.AIAgent{}, err
	}
	return *done.Agent, nil
}

func updateAgent(a access.Access, id workspace.AgentID, edit AgentEdit) (Amendment, error) {
	before, err := managedAgent(a, id, edit.ExpectedRevision)
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
	m := agentAmendment(audit.AuditAgentUpdate, before, after)
	if len(m.Fields) > 0 {
		m.Changes[0].Agent.Rev++
	}
	return m, checkAgent(a, before, after)
}

// RemoveAgent removes an AI agent, which needs workspace.manage. Its tokens are
// worth nothing from then on, and chats that it answers wait for a person, at
// once or within moments. Released is how many chats that are, CountLimit at most.
func (s *Service) RemoveAgent(ctx context.Context, p inbox.Principal, id workspace.AgentID) (agent workspace.AIAgent, released int, err error) {
	now := s.base.Clock()
	e := inbox.Offboarding{Workspace: p.Workspace, Agent: id, Since: now}
	done, released, err := releasing(ctx, s, p, e, act{name: "removeAiAgent", decide: func(a access.Access) (Amendment, error) { return removeAgent(a, id, now) }})
	if err != nil {
		return workspace.AIAgent{}, 0, err
	}
	return *done.Agent, released, nil
}

func removeAgent(a access.Access, id workspace.AgentID, now time.Time) (Amendment, error) {
	before, err := managedAgent(a, id, nil)
	if err != nil {
		return Amendment{}, err
	}
	m := agentAmendment(audit.AuditAgentRemove, before, workspace.AIAgent{})
	after := before
	after.Removed, after.OffboardingSince = true, now
	after.Rev++
	m.Changes, m.Target = []workspace.DirectoryChange{{Agent: &after}}, agentTarget(after)
	return m, nil
}

func managedAgent(a access.Access, id workspace.AgentID, expected *int) (workspace.AIAgent, error) {
	if err := a.Require(workspace.WorkspaceManage); err != nil {
		return workspace.AIAgent{}, err
	}
	agent, ok := a.Directory.Agent(id)
	if !ok {
		return workspace.AIAgent{}, inbox.Missing("AI agent")
	}
	return agent, commit.CheckExpected(expected, agent.Rev)
}

// checkAgent refuses names that are none, and a subject that another agent has.
func checkAgent(a access.Access, before, agent workspace.AIAgent) error {
	if err := checkRename("name", before.Name, agent.Name); err != nil {
		return err
	}
	if agent.Subject != before.Subject { // what is stored may be older than the rule
		if err := inbox.CheckKey("subject", agent.Subject); err != nil {
			return err
		}
	}
	for _, other := range a.Directory.Agents {
		if agent.Subject != "" && !other.Removed && other.ID != agent.ID && other.Subject == agent.Subject {
			return inbox.Invalid("subject", "Another AI agent signs in with this subject. Give each its own.")
		}
	}
	return nil
}

func agentAmendment(action audit.AuditAction, before, after workspace.AIAgent) Amendment {
	var f auditFields
	f.text("name", before.Name, after.Name)
	f.text("subject", before.Subject, after.Subject)
	return Amendment{Changes: []workspace.DirectoryChange{{Agent: &after}}, Action: action, Target: agentTarget(after), Fields: f}
}

func agentTarget(agent workspace.AIAgent) audit.AuditTarget {
	return audit.AuditTarget{Kind: audit.AuditAgent, ID: string(agent.ID), Name: agent.Name}
}
