package resolvers

import "time"

// reclaimAt is null for callers who may not read the messages, from which it follows.
func (s *scope) reclaimAt(d disclosed) *time.Time {
	if d.awaitingReplySince() == nil {
		return nil
	}
	return optionalTime(s.access.ReclaimAt(d.Conversation))
}
