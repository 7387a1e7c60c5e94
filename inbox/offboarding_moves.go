package inbox

// Reasons of the events by which removals and lost rights move conversations.
const (
	ReasonMemberRemoved = "MEMBER_REMOVED"
	// ReasonNotLiveAgent is a member who is still there and may no longer own
	// conversations of the kind. B:E1.
	ReasonNotLiveAgent = "NOT_A_LIVE_AGENT"
	ReasonTeamRemoved  = "TEAM_REMOVED"
	ReasonAgentRemoved = "AI_AGENT_REMOVED"
)

// ReleaseFromMember releases a conversation whose owner was removed, or may no longer own
// it: it is up for grabs, as after a leave. An offer that the member made ends for the same
// cause. t carries the reason. B:E1, B:T6.
func ReleaseFromMember(c Conversation, t Command) Move {
	to := c.Nobody(t)
	to.Left = true
	m := c.move(EventLeft, to, t)
	if c.Offer.Open() && c.Offer.By.Member() == c.Assignee {
		m.After.Offer = c.Offer.ended(OfferSuperseded, OfferSenderNotPermitted, t)
	}
	return m
}

// ReleaseFromTeam moves a conversation whose team was removed to the workspace. One that
// waits keeps its place in time.
func ReleaseFromTeam(c Conversation, t Command) Move {
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

// ReleaseFromAgent queues a chat for a person after the AI agent that answered it was
// removed.
func ReleaseFromAgent(c Conversation, t Command) Move {
	t.Reason = ReasonAgentRemoved
	return c.move(EventQueued, c.WithoutAgent(t), t)
}

// WithoutAgent is the ownership while c waits for a person and its AI agent may not answer.
func (c Conversation) WithoutAgent(t Command) Ownership {
	to := c.queue(c.Team, t)
	to.AIStopped = true
	return to
}
