package document

import (
	"cmp"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/notify"
	"switchboard/inbox/workspace"
)

// These mark notifications in the collection events, where they are written
// together with their event. Notifications that pass with their ground are withdrawn later
// and have a mark of their own, by which they are found.
const (
	NotificationRecord Record = "notification"
	ClaimableRecord    Record = "claimable"
	// DigestRecord is one for the conversations of a whole call, which is of none of them.
	DigestRecord Record = "digest"
)

// Notification is a notification for an audience. It expires by itself.
type Notification struct {
	ID           inbox.NotificationID   `bson:"_id"`
	Record       Record                 `bson:"record"`
	Workspace    workspace.WorkspaceID  `bson:"workspace"`
	Kind         inbox.NotificationKind `bson:"kind"`
	Audience     inbox.Audience         `bson:"audience"`
	Conversation inbox.ConversationID   `bson:"conversation"`
	Event        inbox.EventID          `bson:"event"`
	Actor        actorDoc               `bson:"actor"`
	Except       []workspace.MemberID   `bson:"except,omitempty"`
	At           time.Time              `bson:"at"`
	Place        int                    `bson:"place,omitempty"` // none in those of before there were places
	Over         bool                   `bson:"over,omitempty"`
	Bulk         inbox.BulkID           `bson:"bulk,omitempty"`   // this and the next three in digests alone
	Newest       inbox.ConversationID   `bson:"newest,omitempty"` // Conversation is empty then
	Count        int                    `bson:"count,omitempty"`
	Claimable    bool                   `bson:"claimable,omitempty"`
	Expires      time.Time              `bson:"expires"`
}

// OfNotification is the document of n as its event's commit writes it, without a place.
func OfNotification(n inbox.Notification) Notification {
	mark := NotificationRecord
	if n.Passes() {
		mark = ClaimableRecord
	}
	d := Notification{
		ID: n.ID, Record: mark, Workspace: n.Workspace, Kind: n.Kind, Audience: n.Audience, Conversation: n.Conversation,
		Event: n.Event, Actor: actorDoc(n.Actor), Except: n.Except, At: n.At, Over: n.Over, Place: inbox.Unsequenced, Expires: n.At.Add(notify.NotificationsKept),
	}
	if n.IsDigest() {
		d.Record, d.Conversation = DigestRecord, ""
		d.Bulk, d.Newest, d.Count, d.Claimable = n.Bulk, n.Conversation, n.Count, n.Claimable
	}
	return d
}

// Notification is the notification of the document.
func (d Notification) Notification() inbox.Notification {
	return inbox.Notification{
		ID: d.ID, Workspace: d.Workspace, Kind: d.Kind, Audience: d.Audience, Conversation: cmp.Or(d.Newest, d.Conversation),
		Event: d.Event, Actor: workspace.Actor(d.Actor), Except: d.Except, At: d.At, Over: d.Over, Sequence: d.Place, Claimable: d.Record == ClaimableRecord && d.Kind != inbox.NotifyOffered || d.Claimable,
		Bulk: d.Bulk, Count: max(1, d.Count),
	}
}

// IsNotification reports whether the document, which was found by its id among events
// and messages, is a notification.
func (d Notification) IsNotification() bool {
	return d.Record == NotificationRecord || d.Record == ClaimableRecord || d.Record == DigestRecord
}

// Position is where the notification stands in lists: by place first.
func (d Notification) Position(string) inbox.PageCursor {
	return inbox.PageCursor{Sequence: d.Place, At: d.At, ID: string(d.ID)}
}

// ReadMarks records which notifications a member has read.
type ReadMarks struct {
	ID        string                `bson:"_id"`
	Workspace workspace.WorkspaceID `bson:"workspace"`
	Member    workspace.MemberID    `bson:"member"`
	UpTo      pageCursorDoc         `bson:"upTo"`
	Single    []pageCursorDoc       `bson:"single"`
	Rev       int                   `bson:"rev"`
}

type pageCursorDoc struct {
	Sequence int       `bson:"place,omitempty"`
	At       time.Time `bson:"at"`
	ID       string    `bson:"id"`
}

// OfReadMarks is the document of m.
func OfReadMarks(m notify.ReadMarks) ReadMarks {
	d := ReadMarks{ID: LoadID(m.Workspace, m.Member), Workspace: m.Workspace, Member: m.Member, UpTo: pageCursorDoc(m.UpTo), Rev: m.Rev}
	for _, p := range m.Single {
		d.Single = append(d.Single, pageCursorDoc(p))
	}
	return d
}

// Marks are the read marks of the document.
func (d ReadMarks) Marks() notify.ReadMarks {
	m := notify.ReadMarks{Workspace: d.Workspace, Member: d.Member, UpTo: inbox.PageCursor(d.UpTo), Rev: d.Rev}
	for _, p := range d.Single {
		m.Single = append(m.Single, inbox.PageCursor(p))
	}
	return m
}
