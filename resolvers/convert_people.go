package resolvers

import (
	"cmp"

	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// member shows a member, removed ones included: histories name them.
func (s *scope) member(id workspace.MemberID) *model.Member {
	m, ok := s.access.Directory.Members[id]
	if !ok {
		return nil
	}
	return memberOf(m)
}

func memberOf(m workspace.Member) *model.Member {
	out := &model.Member{ID: GlobalID(typeMember, m.ID), Name: m.Name, Email: m.Email, Availability: m.Availability, MaxAutoAssigned: m.MaxAutoAssigned, Revision: m.Rev, Source: m}
	if out.Availability == "" {
		out.Availability = workspace.Offline
	}
	if m.Avatar != "" {
		out.AvatarURL = &m.Avatar
	}
	return out
}

func (s *scope) availabilityChange(m workspace.Member) *model.AvailabilityChange {
	t := m.Turned
	if t.At.IsZero() {
		return nil
	}
	return &model.AvailabilityChange{
		From: cmp.Or(t.From, workspace.Offline), To: m.Availability, Reason: t.Why, By: s.member(t.By.Member()), At: t.At,
		ReasonCode: reasonCode(s.access.Directory, m.AwayReason()),
	}
}

func (s *scope) team(id workspace.TeamID) *model.Team {
	t, ok := s.access.Directory.Teams[id]
	if !ok {
		return nil
	}
	return teamOf(t)
}

func teamOf(t workspace.Team) *model.Team {
	out := &model.Team{ID: GlobalID(typeTeam, t.ID), Name: t.Name, MaxAutoAssigned: t.MaxAutoAssigned, Revision: t.Rev}
	if t.Method != "" {
		out.Method = &t.Method
	}
	return out
}

func (s *scope) agent(id workspace.AgentID) *model.AIAgent {
	a, ok := s.access.Directory.Agents[id]
	if !ok {
		return nil
	}
	return agentOf(a)
}

func agentOf(a workspace.AIAgent) *model.AIAgent {
	return &model.AIAgent{ID: GlobalID(typeAgent, a.ID), Name: a.Name, Revision: a.Rev}
}

func contactOf(id inbox.ContactID, name string) *model.Contact {
	return &model.Contact{ID: GlobalID(typeContact, id), Name: cmp.Or(name, inbox.NamelessContact), KnownName: optional(name)}
}

// actor shows the actor of something in the conversation d, which is the zero value
// for acts outside of conversations.
func (s *scope) actor(a workspace.Actor, d disclosed) model.Actor {
	switch a.Kind {
	case workspace.ActorMember:
		if m := s.member(workspace.MemberID(a.ID)); m != nil {
			return m
		}
	case workspace.ActorAgent:
		if agent := s.agent(workspace.AgentID(a.ID)); agent != nil {
			return agent
		}
	case workspace.ActorContact:
		// The only contact who acts in a conversation is its own. It may have had
		// another id before contacts were merged.
		if d.ID == "" {
			d.Contact = inbox.ContactID(a.ID)
		}
		return d.contact()
	case workspace.ActorPartner:
		if k, ok := s.access.Directory.Keys[workspace.KeyID(a.ID)]; ok {
			return &model.Partner{Name: k.Name}
		}
	case workspace.ActorSystem:
	}
	return &model.SystemActor{Name: "Switchboard"}
}
