package inbox

import "context"

// BindSignIn binds the subject of an identity provider's token to the member
// with the address that the provider vouches for, at the first sign-in. It
// answers with the member's id, also when that very subject is bound already.
// UNAUTHENTICATED when nobody has the address, when the member signs in with
// another subject, or when the subject is another member's.
func (s *Service) BindSignIn(ctx context.Context, ws WorkspaceID, email, subject string) (MemberID, error) {
	d, err := s.store.Directory(ctx, ws)
	if err != nil {
		return "", err
	}
	m, ok := d.MemberByEmail(email)
	if !ok {
		return "", unknownAddress()
	}
	p := Principal{Workspace: ws, Actor: Actor{Kind: ActorMember, ID: string(m.ID)}}
	_, err = s.administer(ctx, p, act{name: "signIn", decide: func(a Access) (Amendment, error) { return a.bindSignIn(email, subject) }})
	return m.ID, err
}

func (a Access) bindSignIn(email, subject string) (Amendment, error) {
	m, ok := a.Directory.MemberByEmail(email)
	if !ok || m.ID != a.Member.ID || subject == "" {
		return Amendment{}, unknownAddress()
	}
	if m.Subject != "" && m.Subject != subject {
		return Amendment{}, &Error{Code: Unauthenticated, Message: "This address signs in with another identity already. " +
			"Ask an administrator of the workspace to remove the member and add it again."}
	}
	for _, other := range a.Directory.Members {
		if !other.Removed && other.ID != m.ID && other.Subject == subject {
			return Amendment{}, &Error{Code: Unauthenticated, Message: "This identity signs in another member already."}
		}
	}
	var f auditFields
	if m.Subject == "" {
		f.text("signIn", "", "bound")
		m.Subject = subject
		m.Rev++
	}
	return Amendment{Changes: []DirectoryChange{{Member: &m}}, Action: AuditMemberSignIn, Target: memberTarget(m), Fields: f}, nil
}

func unknownAddress() *Error {
	return &Error{Code: Unauthenticated, Message: "Nobody in the workspace has this address. Ask an administrator of the workspace to add you."}
}
