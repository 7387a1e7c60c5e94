package inbox

import (
	"crypto/sha256"
	"encoding/hex"
)

// digestID is the id of the one notification of a kind with which a call with many
// conversations notifies an audience.
func digestID(by BulkID, kind NotificationKind, to Audience) NotificationID {
	sum := sha256.Sum256([]byte(to))
	return NotificationID(string(by) + "-" + string(kind) + "-" + hex.EncodeToString(sum[:8]))
}

// IsDigest reports whether the notification stands for several conversations of one
// call, and may still grow. Stores keep one for each id, see Joined.
func (n Notification) IsDigest() bool { return n.Bulk != "" }

// Joined is the digest n after one more event of its call: it counts one conversation
// more and is about the newest. It has no place again, so that whoever read it before
// sees that it grew.
func (n Notification) Joined(newest Notification) Notification {
	newest.Count += n.Count
	return newest
}
