package desk

import (
	"context"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/cluster"
	"switchboard/inbox/workspace"
)

// EndPresence sets a member OFFLINE who was without any connection for longer than
// rule presenceGrace, and deletes presences that are over. A member who has chosen
// ONLINE since gets the grace from then. B:P1.
func (s *PresenceService) EndPresence(ctx context.Context, presences cluster.Presences, p cluster.Presence) error {
	d, err := s.callers.Directory(ctx, p.Workspace)
	if inbox.IsNotFound(err) {
		return presences.DeletePresence(ctx, p)
	}
	if err != nil {
		return err
	}
	m, ok := d.Member(p.Member)
	if ok && !m.Absent() && presentUntil(m, p.LostAt, d.Workspace.Rules).After(s.base.Clock()) {
		return nil // asked first, as it costs nothing
	}
	all, err := presences.PresencesOf(ctx, p.Workspace, p.Member)
	if err != nil {
		return err
	}
	lost, gone := lastLost(all)
	if !gone {
		if err := s.ReturnPresence(ctx, p.Workspace, p.Member, true); err != nil {
			return err
		}
		return presences.DeletePresence(ctx, p)
	}
	over, err := s.goOffline(ctx, p, lost)
	if !over || err != nil {
		return err
	}
	for _, one := range all {
		if err := presences.DeletePresence(ctx, one); err != nil {
			return err
		}
	}
	return nil
}

// ReturnPresence restores a connected member's availability from before a lost
// connection, within rule presenceReturn; otherwise it does nothing. For who has just come it
// asks the store, since this server may not have heard yet that another one turned them
// OFFLINE. Otherwise it asks the directory in memory first, and may be called often. B:P1.
func (s *PresenceService) ReturnPresence(
	ctx context.Context, ws workspace.WorkspaceID, id workspace.MemberID, justCame bool,
) error {
	d, err := s.callers.Directory(ctx, ws)
	if inbox.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	if _, ok := d.Members[id].Restored(d.Workspace.Rules, s.base.Clock()); !ok && !justCame {
		return nil
	}
	return s.base.EditDirectory(ctx, inbox.Principal{Workspace: ws, Actor: workspace.System()}, id, func(a access.Access) (workspace.DirectoryChange, error) {
		m, ok := a.Directory.Members[id].Restored(a.Rules(), s.base.Clock())
		if !ok {
			return workspace.DirectoryChange{}, nil
		}
		return workspace.DirectoryChange{Member: &m}, nil
	})
}

// lastLost is when the last connection of all was lost; gone is false when there
// still is one.
func lastLost(all []cluster.Presence) (at time.Time, gone bool) {
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
func presentUntil(m workspace.Member, lost time.Time, r workspace.Rules) time.Time {
	if m.Availability == workspace.Online && m.OnlineSince.After(lost) {
		lost = m.OnlineSince
	}
	return lost.Add(r.PresenceGrace)
}

// goOffline saves it unless there is time left; over says that nothing is left to
// do.
func (s *PresenceService) goOffline(ctx context.Context, p cluster.Presence, lost time.Time) (over bool, err error) {
	err = s.base.EditDirectory(ctx, inbox.Principal{Workspace: p.Workspace, Actor: workspace.System()}, p.Member, func(a access.Access) (workspace.DirectoryChange, error) {
		m, ok := a.Directory.Member(p.Member)
		over = !ok || m.Absent() || !presentUntil(m, lost, a.Rules()).After(s.base.Clock())
		if !over || !ok || m.Absent() {
			return workspace.DirectoryChange{}, nil
		}
		m = m.TurnedTo(workspace.Offline, workspace.ConnectionLost, workspace.System(), s.base.Clock())
		return workspace.DirectoryChange{Member: &m}, nil
	})
	return over, err
}
