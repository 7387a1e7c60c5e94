package truth

import (
	"strings"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// Relations are the words for whose a conversation is, seen from the caller.
//
//	OWN          the caller's
//	TEAM         a teammate's
//	OTHER        that of somebody in another team
//	TEAM_QUEUE   nobody's, in the queue of the caller's team
//	OTHER_QUEUE  nobody's, in the queue of another team
//	POOL         nobody's, and of no team
func Relations() []string {
	return []string{"OWN", "TEAM", "OTHER", "TEAM_QUEUE", "OTHER_QUEUE", "POOL"}
}

// RelationOf reads a relation in any case; mine, teammate and stranger stand for the
// first three. It is empty for another word.
func RelationOf(word string) string {
	word = strings.ToUpper(word)
	if other, ok := map[string]string{"MINE": "OWN", "TEAMMATE": "TEAM", "STRANGER": "OTHER"}[word]; ok {
		return other
	}
	for _, known := range Relations() {
		if word == known {
			return word
		}
	}
	return ""
}

// directory has the caller and a teammate in one team, and a stranger in another.
func (c Case) directory(rules workspace.Rules, custom []workspace.CustomRole) *workspace.Directory {
	var roles []workspace.RoleName
	for role := range strings.SplitSeq(c.Role, "+") {
		roles = append(roles, workspace.RoleName(role))
	}
	return &workspace.Directory{
		Workspace: workspace.Workspace{ID: "w", Plan: workspace.PlanName(c.Plan), Rules: rules, CustomRoles: custom, Rev: 1},
		Members: map[workspace.MemberID]workspace.Member{
			"me":       {ID: "me", Roles: roles, Teams: []workspace.TeamID{"mine"}},
			"teammate": {ID: "teammate", Name: "The teammate", Teams: []workspace.TeamID{"mine"}},
			"stranger": {ID: "stranger", Name: "The stranger", Teams: []workspace.TeamID{"theirs"}},
		},
		Teams:  map[workspace.TeamID]workspace.Team{"mine": {ID: "mine"}, "theirs": {ID: "theirs"}},
		Agents: map[workspace.AgentID]workspace.AIAgent{"bot": {ID: "bot"}, "other-bot": {ID: "other-bot"}},
		Keys:   map[workspace.KeyID]workspace.APIKey{"key": {ID: "key", Role: workspace.RoleIntegration}},
	}
}

// caller is who asks: an AI agent and an API key by the roles that only they have.
func (c Case) caller() inbox.Principal {
	actor := workspace.Actor{Kind: workspace.ActorMember, ID: "me"}
	switch workspace.RoleName(c.Role) {
	case workspace.RoleAIAgent:
		actor = workspace.Actor{Kind: workspace.ActorAgent, ID: "bot"}
	case workspace.RoleIntegration:
		actor = workspace.Actor{Kind: workspace.ActorPartner, ID: "key"}
	default:
	}
	return inbox.Principal{Workspace: "w", Actor: actor}
}

// conversation is open, and whose Relation says. For an AI agent it is one that came
// from it or from another, and an API key began it. It is not ok for a relation that the caller cannot have.
func (c Case) conversation() (out inbox.Conversation, ok bool) {
	out = inbox.Conversation{ID: "c", Workspace: "w", Kind: workspace.Kind(c.Kind)}
	relation := RelationOf(c.Relation)
	if c.Role == string(workspace.RoleAIAgent) {
		out.Status = inbox.Open
		out.OriginAgent, ok = map[string]workspace.AgentID{"OWN": "bot", "OTHER": "other-bot"}[relation]
		return out, ok
	}
	out.Ownership, ok = map[string]inbox.Ownership{
		"OWN": {Assignee: "me", Team: "mine"}, "TEAM": {Assignee: "teammate", Team: "mine"},
		"OTHER":      {Assignee: "stranger", Team: "theirs"},
		"TEAM_QUEUE": {Team: "mine"}, "OTHER_QUEUE": {Team: "theirs"}, "POOL": {},
	}[relation]
	out.Status, out.Feeder = inbox.Open, "key"
	return out, ok
}

// ScopeOf is the narrowest scope that reaches a conversation of that relation for a
// member.
func ScopeOf(relation string) workspace.Scope {
	c := Case{Role: "any", Kind: string(workspace.Livechat), Relation: relation}
	conversation, ok := c.conversation()
	if !ok {
		return workspace.ScopeNone
	}
	a := access.Access{Principal: c.caller(), Directory: c.directory(workspace.Rules{}, nil)}
	a.Member = a.Directory.Members["me"]
	return a.Relation(conversation)
}
