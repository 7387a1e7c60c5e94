package admin

import (
	"context"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/audit"
	"switchboard/inbox/workspace"
)

// BindSignIn binds the subject of an identity provider's token to the member
// with the address that the provider vouches for, at the first sign-in. It
// answers with the member's id, also when that very subject is bound already.
// UNAUTHENTICATED when nobody has the address, when the member signs in with
// another subject, or when the subject is another member's.
func (s *Service) BindSignIn(ctx context.Context, ws workspace.WorkspaceID, email, subject string) (workspace.MemberID, error) {
	d, err := s.store.Directory(ctx, ws)
	if err != nil {
		return "", err
	}
	m, ok := d.MemberByEmail(email)
	if !ok {
		return "", unknownAddress()
	}
	p := inbox.Principal{Workspace: ws, Actor: workspace.Actor{Kind: workspace.ActorMember, ID: string(m.ID)}}
	_, err = s.administer(ctx, p, act{name: "signIn", decide: func(a access.Access) (Amendment, error) { return bindSignIn(a, email, subject) }})
	return m.ID, err
}

func bindSignIn(a access.Access, email, subject string) (Amendment, error) {
	m, ok := a.Directory.MemberByEmail(email)
	if !ok || m.ID != a.Member.ID || subject == "" {
		return Amendment{}, unknownAddress()
	}
	if m.Subject != "" && m.Subject != subject {
		return Amendment{}, &inbox.Error{Code: inbox.Unauthenticated, Message: "This address signs in with another identity already. " +
			"Ask an administrator of the workspace to remove the member and add it again."}
	}
	for _, other := range a.Directory.Members {
		if !other.Removed && other.ID != m.ID && other.Subject == subject {
			return Amendment{}, &inbox.Error{Code: inbox.Unauthenticated, Message: "This identity signs in another member already."}
		}
	}
	var f auditFields
	if m.Subject == "" {
		f.text("signIn", "", "bound")
		m.Subject = subject
		m.Rev++
	}
	return Amendment{Changes: []workspace.DirectoryChange{{Member: &m}}, Action: audit.AuditMemberSignIn, Target: memberTarget(m), Fields: f}, nil
}

func unknownAddress() *inbox.Error {
	return &inbox.Error{Code: inbox.Unauthenticated, Message: "Nobody in the workspace has this address. Ask an administrator of the workspace to add you."}
}
