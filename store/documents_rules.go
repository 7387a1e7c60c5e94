package store

import (
	"time"

	"go.mongodb.org/mongo-driver/bson"

	"switchboard/inbox"
)

type rulesDoc struct {
	Method             inbox.Method             `bson:"method"`
	MaxAutoAssigned    int                      `bson:"maxAutoAssigned"`
	AutoAssignTickets  bool                     `bson:"autoAssignTickets"`
	TeamTarget         inbox.TeamTarget         `bson:"teamTarget"`
	Unassign           inbox.UnassignRule       `bson:"unassign"`
	AIAfterUnassign    inbox.AIAfterUnassign    `bson:"aiAfterUnassign"`
	TransferToAway     inbox.TransferToAway     `bson:"transferToAway"`
	TransferActor      inbox.TransferActor      `bson:"transferActor"`
	TransferAcceptance inbox.TransferAcceptance `bson:"transferAcceptance"`
	OfferTimeout       time.Duration            `bson:"offerTimeout"`
	TakeoverUnassigned inbox.TakeoverUnassigned `bson:"takeoverUnassigned"`
	UndoWindow         time.Duration            `bson:"undoWindow"`
	NotifyContact      inbox.NotifyContact      `bson:"notifyContact"`
	AIWhilePending     inbox.AIWhilePending     `bson:"aiWhilePending"`
	AIWhenAssigned     inbox.AIWhenAssigned     `bson:"aiWhenAssigned"`
	CloseActor         inbox.CloseActor         `bson:"closeActor"`
	OnCloseChat        inbox.OnCloseChat        `bson:"onCloseChat"`
	OnReopen           inbox.OnReopen           `bson:"onReopen"`
	ReopenWindow       time.Duration            `bson:"reopenWindow"`
	StickyOwner        bool                     `bson:"stickyOwner"`
	ContactMayClose    bool                     `bson:"contactMayClose"`
	CloseIdleAfter     time.Duration            `bson:"closeIdleAfter"`
	SendPolicy         inbox.SendPolicy         `bson:"sendPolicy"`
	ReclaimAfter       time.Duration            `bson:"reclaimAfter"`
	PresenceGrace      time.Duration            `bson:"presenceGrace"`
	PresenceReturn     time.Duration            `bson:"presenceReturn"`
	Visibility         inbox.Visibility         `bson:"visibility"`
	LeftWaits          time.Duration            `bson:"leftWaits"`
	MatchContacts      inbox.MatchContacts      `bson:"matchContacts"`
}

// rules are the defaults where none are stored at all.
func (d rulesDoc) rules() inbox.Rules {
	if d == (rulesDoc{}) {
		return inbox.DefaultRules()
	}
	return inbox.Rules(d)
}

// UnmarshalBSON gives a rule that was not stored yet, because the workspace is older
// than the rule, the value that it has in a new workspace.
func (d *rulesDoc) UnmarshalBSON(data []byte) error {
	type stored rulesDoc // without this method
	rules := stored(inbox.DefaultRules())
	if err := bson.Unmarshal(data, &rules); err != nil {
		return err
	}
	*d = rulesDoc(rules)
	return nil
}
