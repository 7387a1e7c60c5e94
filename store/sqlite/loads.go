package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

// loads holds the loads and the rotations, which have other ids.
const loads collection = "loads"

// moveLoads moves all counters and the rotation. ErrAtCap if a load would exceed its
// cap, grew since it was seen, or the rotation has moved.
func moveLoads(tx *sql.Tx, c commit.Change) error {
	for _, l := range c.Loads {
		if err := moveLoad(tx, c.Conversation.Workspace, l); err != nil {
			return err
		}
	}
	if c.Rotation != nil {
		return rotate(tx, c.Conversation.Workspace, *c.Rotation)
	}
	return nil
}

func moveLoad(tx *sql.Tx, ws workspace.WorkspaceID, l inbox.LoadChange) error {
	id := document.LoadID(ws, l.Member)
	load, _, err := get[document.Load](tx, loads, id)
	if err != nil {
		return err
	}
	load.ID, load.Workspace, load.Member = id, ws, l.Member
	counter, reserved := counterOf(&load, document.CounterOf(l.Kind)), counterOf(&load, document.ReservedCounterOf(l.Kind))
	switch {
	case l.Held() < 0 && *counter < -l.Held(), l.Reserved < 0 && *reserved < -l.Reserved:
		return fmt.Errorf("sqlite: a load would fall below zero: %+v", l)
	case l.Held() > 0 && l.Cap > 0 && (*counterOf(&load, document.CappedCounter(l.Counted)) >= l.Cap || l.Seen != nil && load.Open > *l.Seen):
		return commit.ErrAtCap
	}
	*counter += l.Held()
	*reserved += l.Reserved
	load.Open += l.Held()
	load.LastAutoAssigned = later(load.LastAutoAssigned, l.AutoAssignedAt)
	return put(tx, loads, stored{ID: id, Workspace: string(ws), Doc: load})
}

// counterOf is the counter of a name that package document gives.
func counterOf(l *document.Load, name string) *int {
	switch name {
	case "livechats":
		return &l.Livechats
	case "tickets":
		return &l.Tickets
	case "reservedLivechats":
		return &l.ReservedLivechats
	case "reservedTickets":
		return &l.ReservedTickets
	default:
		return &l.Open
	}
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// rotate writes r if the stored one is the turn before.
func rotate(tx *sql.Tx, ws workspace.WorkspaceID, r inbox.Rotation) error {
	id := document.RotationID(ws, r.Team)
	before, _, err := get[document.Rotation](tx, loads, id)
	if err != nil {
		return err
	}
	if before.Count != r.Count-1 {
		return commit.ErrAtCap
	}
	return put(tx, loads, stored{ID: id, Workspace: string(ws), Doc: document.Rotation(r)})
}

// Loads returns the counters of the members. Members who never owned a conversation
// have no entry.
func (s *Store) Loads(ctx context.Context, ws workspace.WorkspaceID, members []workspace.MemberID) (map[workspace.MemberID]workspace.Load, error) {
	found, _, err := s.LoadsAndRotations(ctx, ws, members, nil)
	return found, err
}

// LoadsAndRotations is Loads together with the rotations of teams; one that never
// turned is left out.
func (s *Store) LoadsAndRotations(ctx context.Context, ws workspace.WorkspaceID, members []workspace.MemberID, teams []workspace.TeamID) (map[workspace.MemberID]workspace.Load, map[workspace.TeamID]inbox.Rotation, error) {
	of, turns := map[workspace.MemberID]workspace.Load{}, map[workspace.TeamID]inbox.Rotation{}
	err := s.view(ctx, func(tx *sql.Tx) error {
		for _, m := range members {
			d, ok, err := get[document.Load](tx, loads, document.LoadID(ws, m))
			if err != nil {
				return err
			}
			if ok {
				of[m] = d.Load()
			}
		}
		for _, t := range teams {
			d, ok, err := get[document.Rotation](tx, loads, document.RotationID(ws, t))
			if err != nil {
				return err
			}
			if ok {
				turns[t] = inbox.Rotation(d)
			}
		}
		return nil
	})
	if err != nil {
		return nil, nil, fault("read loads", err)
	}
	return of, turns, nil
}
