package resolvers

import (
	"time"

	"switchboard/inbox/access"
)

// reclaimAt is null for callers who may not read the messages, from which it follows.
func reclaimAt(a access.Access, d disclosed) *time.Time {
	if d.awaitingReplySince() == nil {
		return nil
	}
	return optionalTime(access.ReclaimAt(a, d.Conversation))
}
