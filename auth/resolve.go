package auth

import "switchboard/inbox"

// Resolve finds whom verified claims speak for in the directory of their
// workspace: by id where the token's source may name ids, then by the subject
// that was bound at a first sign-in.
// A contact is taken as named: the token bounds it to one conversation, and whether
// the token still holds is asked of the conversation by Authenticator.Admit.
//
// Whoever is unknown, was removed, is of another kind than the token says, or
// shares a subject with somebody else is refused with UNAUTHENTICATED and one
// same message, which is also that for an unknown workspace.
func Resolve(dir *inbox.Directory, claims Claims) (inbox.Principal, error) {
	if dir == nil || dir.Workspace.ID != claims.Workspace || claims.Subject == "" {
		return inbox.Principal{}, stranger(claims)
	}
	var id string
	var found bool
	switch claims.Kind {
	case inbox.ActorMember:
		id, found = findMember(dir, claims)
	case inbox.ActorAgent:
		id, found = findAgent(dir, claims)
	case inbox.ActorContact:
		id, found = claims.Subject, claims.Conversation != ""
	case inbox.ActorPartner, inbox.ActorSystem:
	}
	if !found {
		return inbox.Principal{}, stranger(claims)
	}
	return inbox.Principal{
		Workspace: claims.Workspace, Actor: inbox.Actor{Kind: claims.Kind, ID: id},
		Conversation: claims.Conversation, TokenIssue: claims.TokenIssue, IssuedBy: claims.IssuedBy, Expires: claims.Expires,
	}, nil
}

func findMember(dir *inbox.Directory, claims Claims) (string, bool) {
	if m, ok := dir.Member(inbox.MemberID(claims.Subject)); ok && claims.ByID {
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

func findAgent(dir *inbox.Directory, claims Claims) (string, bool) {
	if a, ok := dir.Agent(inbox.AgentID(claims.Subject)); ok && claims.ByID {
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

// only gives the single one of ids: a subject that two share tells nobody apart.
func only(ids []string) (string, bool) {
	if len(ids) != 1 {
		return "", false
	}
	return ids[0], true
}

// stranger refuses a genuine token by nothing but what the token says, so that it
// cannot be learned which workspaces and members there are.
func stranger(claims Claims) *inbox.Error {
	if claims.Kind == inbox.ActorMember && claims.Email != "" && !claims.EmailVerified {
		return refuse("The token is genuine, but its workspace knows no member by its subject, and no member is found by its address: " +
			"the identity provider does not vouch for this address (email_verified is not true). Confirm the address at the identity provider, and sign in again.")
	}
	return refuse("The token is genuine, but its workspace has no such member, or the member was removed. Ask an administrator of the workspace to add you.")
}
