package inbox

import (
	"context"
	"errors"
)

// SetAvailability sets the caller's availability, or that of member, which
// needs members.manage. B:P1.
func (s *Service) SetAvailability(ctx context.Context, p Principal, to Availability, member MemberID) (Member, error) {
	if err := choice("availability", to, Online, Away, Offline); err != nil {
		return Member{}, err
	}
	if member != "" && member != p.Actor.Member() {
		return s.setAvailabilityOf(ctx, p, to, member)
	}
	var saved Member
	err := s.editDirectory(ctx, p, func(a Access) (DirectoryChange, error) {
		m, err := a.availabilityOf(member)
		if err != nil {
			return DirectoryChange{}, err
		}
		m, changed := m.setTo(to, p.Actor, s.clock())
		saved = m
		if !changed {
			return DirectoryChange{}, nil
		}
		return DirectoryChange{Member: &m}, nil
	})
	return saved, err
}

func (a Access) availabilityOf(id MemberID) (Member, error) {
	if id == "" || id == a.Member.ID {
		if a.Principal.Actor.Kind != ActorMember {
			return Member{}, Invalid("memberId", "Only members have an availability. Name one.")
		}
		return a.Member, nil
	}
	if err := a.Require(MembersManage); err != nil {
		return Member{}, err
	}
	m, ok := a.Directory.Member(id)
	if !ok {
		return Member{}, Missing("member")
	}
	return m, nil
}

// editDirectory makes a change of the newest directory that edit sees, and
// again when another change was faster. An empty change writes nothing.
func (s *Service) editDirectory(ctx context.Context, p Principal, edit func(Access) (DirectoryChange, error)) error {
	a, err := s.Access(ctx, p)
	if err != nil {
		return err
	}
	for range maxAttempts {
		change, err := edit(a)
		if err != nil || change == (DirectoryChange{}) {
			return err
		}
		err = s.saveDirectory(ctx, p, change)
		if !errors.Is(err, ErrStale) {
			return err
		}
		if a, err = s.freshAccess(ctx, p); err != nil {
			return err
		}
	}
	return &Error{Code: Unavailable, Message: "Too many changes at once. Try again."}
}

func (s *Service) saveDirectory(ctx context.Context, p Principal, change DirectoryChange) error {
	e := Event{
		ID: EventID(s.nextID()), Workspace: p.Workspace, Type: DirectoryEvent, Actor: p.Actor, At: s.clock(), Directory: &change,
	}
	err := s.store.SaveDirectory(ctx, e)
	if err == nil {
		s.applied(p.Workspace, change)
		s.committed(e)
	}
	return err
}

// freshAccess reads the directory from the store, for when the one in memory
// was found to be old.
func (s *Service) freshAccess(ctx context.Context, p Principal) (Access, error) {
	d, err := s.store.Directory(ctx, p.Workspace)
	if err != nil {
		return Access{}, err
	}
	return NewAccess(p, d, s.policy)
}
