package inbox

// Reasons of the events by which removals move conversations.
const (
	ReasonMemberRemoved = "MEMBER_REMOVED"
	ReasonTeamRemoved   = "TEAM_REMOVED"
	ReasonAgentRemoved  = "AI_AGENT_REMOVED"
)

// LoseMember is what happens to a conversation whose owner was removed: it is
// up for grabs, as after a leave.
func LoseMember(c Conversation, t Turn) Move {
	t.Reason = ReasonMemberRemoved
	to := c.nobody(t)
	to.Left = true
	return c.move(EventLeft, to, t)
}

// LoseTeam is what happens to a conversation whose team was removed: it is the
// workspace's. What waits keeps its place in time.
func LoseTeam(c Conversation, t Turn) Move {
	t.Reason = ReasonTeamRemoved
	if c.Waiting() {
		to := c.queue("", t)
		to.UpForGrabs = c.UpForGrabs
		return c.move(EventQueued, to, t)
	}
	to := c.Ownership
	to.Team = ""
	return c.move(EventTeamRemoved, to, t)
}

// LoseAgent is what happens to a chat whose AI agent was removed while it
// answered: it waits for a person.
func LoseAgent(c Conversation, t Turn) Move {
	t.Reason = ReasonAgentRemoved
	return c.move(EventQueued, c.withoutAgent(t), t)
}

func (c Conversation) withoutAgent(t Turn) Ownership {
	to := c.queue(c.Team, t)
	to.AIStopped = true
	return to
}

// settle keeps a step from leaving a conversation with a team, an owner or an AI
// agent that was removed, as reopening an old one would.
func (t *turn) settle(m *Move) {
	d := t.access.Directory
	if d.Teams[m.After.Team].Removed {
		m.After.Team = ""
	}
	if d.Members[m.After.CountsFor()].Removed {
		gone := m.After.Assignee
		m.After.Ownership = m.After.nobody(t.Turn)
		m.After.FormerAssignee = gone
		if m.Event.From.Assignee == gone {
			m.After.Epoch++
		}
	}
	if m.After.Status != Closed && m.After.Handler() == HandledByAI && d.Agents[m.After.OriginAgent].Removed {
		m.After.Ownership = m.After.withoutAgent(t.Turn)
	}
	m.Event.To, m.Event.Epoch = m.After.Ownership, m.After.Epoch
}
