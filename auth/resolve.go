package auth

import (
	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// Resolve finds the principal of verified claims in the directory of their
// workspace: by id if the token's source may name ids, else by the subject that was
// bound at the first sign-in. A contact is accepted as named: the token is limited
// to one conversation, and Authenticator.Admit checks whether it is still valid
// there. Callers who are unknown, removed, of another kind than the token says, or
// share a subject with another are refused with UNAUTHENTICATED and the same
// message, as is an unknown workspace.
func Resolve(dir *workspace.Directory, claims Claims) (inbox.Principal, error) {
	if dir == nil || dir.Workspace.ID != claims.Workspace || claims.Subject == "" {
		return inbox.Principal{}, stranger(claims)
	}
	var id string
	var found bool
	switch claims.Kind {
	case workspace.ActorMember:
		id, found = findMember(dir, claims)
	case workspace.ActorAgent:
		id, found = findAgent(dir, claims)
	case workspace.ActorContact:
		id, found = claims.Subject, claims.Conversation != ""
	case workspace.ActorPartner, workspace.ActorSystem:
	}
	if !found {
		return inbox.Principal{}, stranger(claims)
	}
	return inbox.Principal{
		Workspace: claims.Workspace, Actor: workspace.Actor{Kind: claims.Kind, ID: id},
		Conversation: claims.Conversation, TokenIssue: claims.TokenIssue, IssuedBy: claims.IssuedBy, Expires: claims.Expires,
	}, nil
}

func findMember(dir *workspace.Directory, claims Claims) (string, bool) {
	if m, ok := dir.Member(workspace.MemberID(claims.Subject)); ok && claims.ByID {
		return string(m.ID), true
	}
	var bound []string
	for id, m := range dir.Members {
		if m.Subject == claims.Subject && !m.Removed {
			bound = append(bound, string(id))
		}
	}
	return only(bound)
}

func findAgent(dir *workspace.Directory, claims Claims) (string, bool) {
	if a, ok := dir.Agent(workspace.AgentID(claims.Subject)); ok && claims.ByID {
		return string(a.ID), true
	}
	var bound []string
	for id, a := range dir.Agents {
		if a.Subject == claims.Subject && !a.Removed {
			bound = append(bound, string(id))
		}
	}
	return only(bound)
}

// only returns the single id of ids, and none if two share a subject.
func only(ids []string) (string, bool) {
	if len(ids) != 1 {
		return "", false
	}
	return ids[0], true
}

// stranger refuses a genuine token with a message made from the token alone, so
// that it does not reveal which workspaces and members exist.
func stranger(claims Claims) *inbox.Error {
	if claims.Kind == workspace.ActorMember && claims.Email != "" && !claims.EmailVerified {
		return refuse("The token is genuine, but its workspace knows no member by its subject, and no member is found by its address: " +
			"the identity provider does not vouch for this address (email_verified is not true). Confirm the address at the identity provider, and sign in again.")
	}
	return refuse("The token is genuine, but its workspace has no such member, or the member was removed. Ask an administrator of the workspace to add you.")
}
