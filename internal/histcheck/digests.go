package histcheck

import (
	"context"
	"maps"
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// Digest is broken where the notification that sums up a call with many conversations is
// missing, or does not count those that the events say. B:G1
const Digest Rule = "DIGEST"

// digests counts the conversations of each digest by the events.
type digests map[inbox.NotificationID]int

// announced replays what e adds to digests and takes from them.
func (d digests) announced(e inbox.Event) {
	if gone, ok := inbox.Withdrawn(e); ok && gone.IsDigest() {
		d[gone.ID] = max(d[gone.ID]-1, 0)
	}
	for _, n := range inbox.NotificationsOf(e) {
		if n.IsDigest() {
			d[n.ID] += n.Count
		}
	}
}

// readDigests fills in the stored digests of all calls of which events tell.
func (h *History) readDigests(ctx context.Context, s Source, ws workspace.WorkspaceID) error {
	counted := digests{}
	for _, e := range h.Events {
		counted.announced(e)
	}
	h.Digests = map[inbox.NotificationID]inbox.Notification{}
	for ids := range slices.Chunk(slices.Sorted(maps.Keys(counted)), page) {
		found, err := s.NotificationsByID(ctx, ws, ids)
		if err != nil {
			return err
		}
		maps.Copy(h.Digests, found)
	}
	return nil
}

// summedUp compares the stored digests with the events.
func (c *checker) summedUp() {
	for _, id := range slices.Sorted(maps.Keys(c.digests)) {
		if want, got := c.digests[id], c.Digests[id]; want != got.Count {
			c.fault(Digest, inbox.Event{Conversation: got.Conversation, ID: got.Event},
				"digest %q counts %d conversations, and the events say %d", id, got.Count, want)
		}
	}
}
