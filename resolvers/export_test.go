package resolvers

import (
	"context"
	"time"

	"switchboard/inbox/cluster"
	"switchboard/inbox/workspace"
	"switchboard/live/follow"
)

// What tests know of sealed cursors.
const (
	SealsRotated = sealsRotated
	SealsAhead   = sealsAhead
	SealsKept    = sealsKept
)

// The reasons why a cursor is not opened.
var (
	ErrUnsealed = errUnsealed
	ErrExpired  = errExpired
)

// ParseCursor reads a cursor of the list that is named by parts.
func (s *Seals) ParseCursor(ws workspace.WorkspaceID, text string, parts ...any) (key, id string, err error) {
	c, err := list{s, ws, follow.Fingerprint(parts...)}.parse("after", text)
	return c.Key, c.ID, err
}

// MakeCursor makes one.
func (s *Seals) MakeCursor(ws workspace.WorkspaceID, key, id string, parts ...any) string {
	return list{s, ws, follow.Fingerprint(parts...)}.cursor(key, id)
}

// Open gives what is sealed.
func (s *Seals) Open(ws workspace.WorkspaceID, text string) ([]byte, error) { return s.open(ws, text) }

// Close seals anything.
func (s *Seals) Close(ws workspace.WorkspaceID, text []byte) string { return s.close(ws, text) }

// Rotated is the rule by which keys are replaced.
func Rotated(keys []cluster.SealingKey, now time.Time) ([]cluster.SealingKey, bool) {
	return rotated(keys, now)
}

// NewBatchLoader returns the Load, LoadAll and Clear of a loader of numbers.
func NewBatchLoader(find func(context.Context, []int) (map[int]string, error)) (
	one func(context.Context, int) (string, error), all func(context.Context, []int) ([]string, error), forget func(int),
) {
	l := newLoader(find)
	return l.Load, l.LoadAll, l.Clear
}
