package notify

import (
	"context"
	"errors"
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
)

// Reading names the notifications that a member has read. One field is set.
type Reading struct {
	IDs []inbox.NotificationID
	// UpTo is a place in the list: it, and everything older.
	UpTo *inbox.PageCursor
	All  bool
}

// MarkNotificationsRead records which notifications the caller has read. It skips
// ids of withdrawn ones; NOT_FOUND if none is left. Ids mark only themselves;
// INVALID_INPUT if too many are marked one by one.
func (s *Service) MarkNotificationsRead(ctx context.Context, p inbox.Principal, r Reading) error {
	a, err := s.notificationRecipient(ctx, p)
	if err != nil {
		return err
	}
	upTo, single, err := s.read(ctx, a, r)
	if err != nil {
		return err
	}
	for range commit.MaxAttempts {
		marks, err := s.store.ReadMarks(ctx, p.Workspace, a.Member.ID)
		if err != nil {
			return err
		}
		next := marks.With(upTo, single)
		if next.same(marks) {
			return nil
		}
		if next, err = s.fold(ctx, a, next); err != nil {
			return err
		}
		next.Rev++
		if err := s.store.SaveReadMarks(ctx, next); !errors.Is(err, commit.ErrStale) {
			return err
		}
	}
	return commit.TooBusy()
}

// fold keeps the single marks few, without marking anything that is unread.
func (s *Service) fold(ctx context.Context, a access.Access, marks ReadMarks) (ReadMarks, error) {
	if len(marks.Single) <= foldSingleMarks {
		return marks, nil
	}
	q := notificationQuery(a, inbox.PageRequest{Limit: 1, Backward: true})
	q.Unread = &marks
	unread, err := s.store.ListNotifications(ctx, q)
	if err != nil {
		return ReadMarks{}, err
	}
	var oldest *inbox.PageCursor
	if len(unread.Items) > 0 {
		oldest = new(unread.Items[0].PageCursor())
	}
	marks = marks.folded(oldest).kept(s.base.Clock())
	if len(marks.Single) > MaxSingleMarks {
		return ReadMarks{}, inbox.Invalid("ids", "You have marked %d notifications one by one while an older one is unread, which is the most. Mark the older ones as well, or use upTo or all.", MaxSingleMarks)
	}
	return marks, nil
}

// read finds the places of the notifications that were read.
func (s *Service) read(ctx context.Context, a access.Access, r Reading) (upTo inbox.PageCursor, single []inbox.PageCursor, err error) {
	switch {
	case r.UpTo != nil:
		return *r.UpTo, nil, nil
	case r.All:
		newest, err := s.store.ListNotifications(ctx, notificationQuery(a, inbox.PageRequest{Limit: 1}))
		if len(newest.Items) > 0 {
			upTo = newest.Items[0].PageCursor()
		}
		return upTo, nil, err
	}
	found, err := s.sequenced(ctx, a, r.IDs)
	for _, n := range found {
		single = append(single, n.PageCursor())
	}
	if err == nil && len(single) == 0 && len(r.IDs) > 0 {
		err = inbox.Missing("notification")
	}
	return upTo, single, err
}

// sequenced is heard where each has its place: a list that is read assigns them.
func (s *Service) sequenced(ctx context.Context, a access.Access, ids []inbox.NotificationID) ([]inbox.Notification, error) {
	found, err := s.received(ctx, a, ids)
	if err != nil || !slices.ContainsFunc(found, func(n inbox.Notification) bool { return n.Sequence == inbox.Unsequenced }) {
		return found, err
	}
	if _, err := s.store.ListNotifications(ctx, notificationQuery(a, inbox.PageRequest{Limit: 1})); err != nil {
		return nil, err
	}
	return s.received(ctx, a, ids)
}
