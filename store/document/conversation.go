package document

import (
	"time"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// Ownership has the fields of inbox.Ownership, so that the one converts to
// the other and a new field does not compile until it has a name here. The zero
// time is stored as it is: it sorts before every other time, as lists want it.
type Ownership struct {
	Assignee     workspace.MemberID `bson:"assignee"`
	Team         workspace.TeamID   `bson:"team"`
	Status       inbox.Status       `bson:"status"`
	AIStopped    bool               `bson:"aiStopped"`
	WaitingSince time.Time          `bson:"waitingSince"`
	NeededSince  time.Time          `bson:"neededSince,omitempty"`
	Automatic    bool               `bson:"automatic"`
	UpForGrabs   bool               `bson:"upForGrabs,omitempty"`
	GrabsUntil   time.Time          `bson:"grabsUntil,omitempty"`  // omitted so that the index skips it
	AsleepSince  time.Time          `bson:"asleepSince,omitempty"` // omitted so that lists leave it out by its absence
	OwnedSince   time.Time          `bson:"ownedSince,omitempty"`
	Reclaims     int                `bson:"reclaims,omitempty"`
	ReclaimsOf   time.Time          `bson:"reclaimsOf,omitempty"`
	Left         bool               `bson:"left"`

	Announced   inbox.NotificationKind `bson:"announced,omitempty"`
	AnnouncedIn int                    `bson:"announcedIn,omitempty"`
	AnnouncedBy inbox.BulkID           `bson:"announcedBy,omitempty"`
}

type actorDoc struct {
	Kind workspace.ActorKind `bson:"kind"`
	ID   string              `bson:"id"`
}

type attributionDoc struct {
	By actorDoc  `bson:"by"`
	At time.Time `bson:"at"`
}

// ConversationState is the full state of a conversation. Events store it as it is;
// the conversation's own document adds fields that lists filter by.
type ConversationState struct {
	ID           inbox.ConversationID  `bson:"_id"`
	Workspace    workspace.WorkspaceID `bson:"workspace"`
	Kind         workspace.Kind        `bson:"kind"`
	Subject      string                `bson:"subject"`
	Channel      string                `bson:"channel"`
	Contact      inbox.ContactID       `bson:"contact"`
	ContactName  string                `bson:"contactName"`
	ContactEmail string                `bson:"contactEmail,omitempty"`
	ContactPhone string                `bson:"contactPhone,omitempty"`
	ContactFace  int                   `bson:"contactFace,omitempty"`
	OriginAgent  workspace.AgentID     `bson:"originAgent"`
	ExternalID   string                `bson:"externalId,omitempty"` // omitted so that the unique index skips it
	// Feeder is absent in documents of before it was kept, until a migration fills it in.
	Feeder       *workspace.KeyID     `bson:"feeder"`
	Previous     inbox.ConversationID `bson:"previous,omitempty"`
	Next         inbox.ConversationID `bson:"next,omitempty"`
	TokenIssue   int                  `bson:"tokenIssue,omitempty"`
	Own          Ownership            `bson:"own"`
	Version      int                  `bson:"version"`
	Counted      countsDoc            `bson:",inline"`
	Epoch        int                  `bson:"epoch"`
	Former       workspace.MemberID   `bson:"formerAssignee"`
	OpenedIn     int                  `bson:"openedIn,omitempty"`
	Changed      attributionDoc       `bson:"changed"`
	ShownAt      time.Time            `bson:"shownAt,omitempty"`
	Introduced   workspace.MemberID   `bson:"introduced,omitempty"`
	Noticed      bool                 `bson:"noticed,omitempty"`
	DeliveredTo  int                  `bson:"deliveredTo,omitempty"`
	ReadTo       int                  `bson:"readTo,omitempty"`
	LastMessage  *Message             `bson:"lastMessage"`
	LastActivity time.Time            `bson:"lastActivityAt"`
	CreatedAt    time.Time            `bson:"createdAt"`
	// ClosedAt and Awaiting are nil in documents of before they were kept. Awaiting is
	// inbox.NotAwaiting where none awaits an answer.
	ClosedAt *time.Time  `bson:"closedAt"`
	Awaiting *time.Time  `bson:"awaitingReplySince"`
	Offer    *offerState `bson:"offer,omitempty"`
}

// derivedDoc holds fields that follow from the ownership and are stored to filter
// by.
type derivedDoc struct {
	Handler inbox.Handler `bson:"handler"`
	Places  []Facet       `bson:"places"`
}

// Conversation is a conversation: its state, and the fields that lists filter by and
// events do not hold.
type Conversation struct {
	State   ConversationState `bson:",inline"`
	Derived derivedDoc        `bson:",inline"`
	Words   []string          `bson:"words,omitempty"` // folded, of its search text
}

// OfConversation is the document of c.
func OfConversation(c inbox.Conversation) Conversation {
	return Conversation{State: StateOf(c), Derived: Derive(c), Words: Words(c.SearchText())}
}

// Derive returns the fields of c that follow from its ownership.
func Derive(c inbox.Conversation) derivedDoc {
	return derivedDoc{Handler: c.Handler(), Places: FacetsOf(c)}
}

// StateOf is the stored form of the state of c, without what follows from it.
func StateOf(c inbox.Conversation) ConversationState {
	closed, awaiting := c.ClosedAt, StoredAwaiting(c.AwaitingReplySince)
	return ConversationState{
		ClosedAt: &closed, Awaiting: &awaiting, Offer: offerToState(c.Offer),
		ID: c.ID, Workspace: c.Workspace, Kind: c.Kind, Subject: c.Subject, Channel: c.Channel,
		Contact: c.Contact, ContactName: c.ContactName, ContactEmail: c.ContactEmail, ContactPhone: c.ContactPhone, ContactFace: c.ContactCopyRevision, OriginAgent: c.OriginAgent, ExternalID: c.ExternalID, Feeder: &c.Feeder,
		Previous: c.Previous, Next: c.Next, TokenIssue: c.TokenIssue,
		Own: Ownership(c.Ownership), Version: c.Version, Counted: CountsOf(c), Epoch: c.Epoch,
		Former: c.FormerAssignee, OpenedIn: c.OpenedIn, Changed: OfAttribution(c.Changed), ShownAt: c.ShownAt, Introduced: c.Introduced, Noticed: c.MayHaveNotifications,
		DeliveredTo: c.Receipts.DeliveredTo, ReadTo: c.Receipts.ReadTo,
		LastMessage: messageToDocPtr(c.LastMessage), LastActivity: c.LastActivityAt, CreatedAt: c.CreatedAt,
	}
}

// Conversation is the conversation of the state. Fields that earlier versions did not
// store are computed from others.
func (d ConversationState) Conversation() inbox.Conversation {
	c := inbox.Conversation{
		ID: d.ID, Workspace: d.Workspace, Kind: d.Kind, Subject: d.Subject, Channel: d.Channel,
		Contact: d.Contact, ContactName: d.ContactName, ContactEmail: d.ContactEmail, ContactPhone: d.ContactPhone, ContactCopyRevision: d.ContactFace, OriginAgent: d.OriginAgent, ExternalID: d.ExternalID, Feeder: d.feeder(),
		Previous: d.Previous, Next: d.Next, TokenIssue: d.TokenIssue,
		Ownership: inbox.Ownership(d.Own), Version: d.Version, Epoch: d.Epoch, FormerAssignee: d.Former, OpenedIn: d.OpenedIn, Introduced: d.Introduced, MayHaveNotifications: d.Noticed,
		Changed:        inbox.Attribution{By: workspace.Actor(d.Changed.By), At: d.Changed.At},
		ShownAt:        d.ShownAt,
		LastActivityAt: d.LastActivity, CreatedAt: d.CreatedAt,
		Revision: d.Counted.Revision, MessageCount: d.Counted.Said, PublicMessageCount: d.Counted.Public, ClosedAt: d.closedAt(), AwaitingReplySince: d.awaitingSince(), Offer: d.Offer.offer(),
		Receipts: inbox.ReceiptMarks{DeliveredTo: d.DeliveredTo, ReadTo: d.ReadTo},
	}
	if d.LastMessage != nil {
		m := d.Counted.numbered(d.LastMessage.Message())
		c.LastMessage = &m
	}
	return c
}

// feeder is empty where it was not kept yet: who began the conversation is not said here.
func (d ConversationState) feeder() (key workspace.KeyID) {
	if d.Feeder != nil {
		key = *d.Feeder
	}
	return key
}

// closedAt returns the time of the last ownership change for a closed conversation
// that has no closing time: that change closed it, or came after closing.
func (d ConversationState) closedAt() time.Time {
	switch {
	case d.ClosedAt != nil:
		return *d.ClosedAt
	case d.Own.Status == inbox.Closed:
		return d.Changed.At
	}
	return time.Time{}
}

// awaitingSince is the last message where it is not kept since when an answer is
// awaited: the first one that nobody answered is not known.
func (d ConversationState) awaitingSince() time.Time {
	switch {
	case d.Awaiting != nil && d.Awaiting.Equal(inbox.NotAwaiting()):
	case d.Awaiting != nil:
		return *d.Awaiting
	case d.Own.Status != inbox.Closed && d.LastMessage != nil && inbox.ReplyIn([]inbox.Message{d.LastMessage.Message()}) == inbox.ReplyAwaited:
		return d.LastMessage.At
	}
	return time.Time{}
}

// StoredAwaiting is the stored form of the time since which a contact awaits a reply:
// inbox.NotAwaiting for the zero time, so that conversations that await none sort last.
func StoredAwaiting(t time.Time) time.Time {
	if t.IsZero() {
		return inbox.NotAwaiting()
	}
	return t
}

// OfAttribution is the stored form of a.
func OfAttribution(a inbox.Attribution) attributionDoc {
	return attributionDoc{By: actorDoc(a.By), At: a.At}
}

// Position is where the conversation stands in a list sorted by field, which is the
// stored name of one of its times.
func (d Conversation) Position(field string) inbox.PageCursor {
	at := map[string]time.Time{
		"lastActivityAt": d.State.LastActivity, "createdAt": d.State.CreatedAt, "own.waitingSince": d.State.Own.WaitingSince,
		"awaitingReplySince": StoredAwaiting(d.State.awaitingSince()),
	}[field]
	return inbox.PageCursor{At: at, ID: string(d.State.ID)}
}
