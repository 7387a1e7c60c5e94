package inbox

import (
	"context"
	"time"
)

// EndPresence sets a member OFFLINE who was without any connection for longer than
// rule presenceGrace, and deletes presences that are over. A member who has chosen
// ONLINE since gets the grace from then. B:P1.
func (s *Service) EndPresence(ctx context.Context, presences Presences, p Presence) error {
	d, err := s.directory(ctx, p.Workspace)
	if isNotFound(err) {
		return presences.ForgetPresence(ctx, p)
	}
	if err != nil {
		return err
	}
	m, ok := d.Member(p.Member)
	if ok && !m.absent() && m.presentUntil(p.LostAt, d.Workspace.Rules).After(s.clock()) {
		return nil // asked first, as it costs nothing
	}
	all, err := presences.PresencesOf(ctx, p.Workspace, p.Member)
	if err != nil {
		return err
	}
	lost, gone := lastLost(all)
	if !gone {
		if err := s.ReturnPresence(ctx, p.Workspace, p.Member); err != nil {
			return err
		}
		return presences.ForgetPresence(ctx, p)
	}
	over, err := s.goOffline(ctx, p, lost)
	if !over || err != nil {
		return err
	}
	for _, one := range all {
		if err := presences.ForgetPresence(ctx, one); err != nil {
			return err
		}
	}
	return nil
}

// ReturnPresence restores a connected member's availability from before a lost
// connection, within rule presenceReturn. It asks the directory in memory first and
// may be called often; otherwise it does nothing. B:P1.
func (s *Service) ReturnPresence(ctx context.Context, ws WorkspaceID, id MemberID) error {
	d, err := s.directory(ctx, ws)
	if isNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	if _, ok := d.Members[id].restored(d.Workspace.Rules, s.clock()); !ok {
		return nil
	}
	return s.editDirectory(ctx, Principal{Workspace: ws, Actor: System()}, func(a Access) (DirectoryChange, error) {
		m, ok := a.Directory.Members[id].restored(a.Rules(), s.clock())
		if !ok {
			return DirectoryChange{}, nil
		}
		return DirectoryChange{Member: &m}, nil
	})
}

// lastLost is when the last connection of all was lost; gone is false when there
// still is one.
func lastLost(all []Presence) (at time.Time, gone bool) {
	for _, p := range all {
		switch {
		case p.LostAt.IsZero():
			return time.Time{}, false
		case p.LostAt.After(at):
			at = p.LostAt
		}
	}
	return at, true
}

// presentUntil is when a member who lost the last connection at a time counts as
// gone.
func (m Member) presentUntil(lost time.Time, r Rules) time.Time {
	if m.Availability == Online && m.OnlineSince.After(lost) {
		lost = m.OnlineSince
	}
	return lost.Add(r.PresenceGrace)
}

// goOffline saves it unless there is time left; over says that nothing is left to
// do.
func (s *Service) goOffline(ctx context.Context, p Presence, lost time.Time) (over bool, err error) {
	err = s.editDirectory(ctx, Principal{Workspace: p.Workspace, Actor: System()}, func(a Access) (DirectoryChange, error) {
		m, ok := a.Directory.Member(p.Member)
		over = !ok || m.absent() || !m.presentUntil(lost, a.Rules()).After(s.clock())
		if !over || !ok || m.absent() {
			return DirectoryChange{}, nil
		}
		m = m.turned(Offline, ConnectionLost, System(), s.clock())
		return DirectoryChange{Member: &m}, nil
	})
	return over, err
}
