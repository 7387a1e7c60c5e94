package document

import (
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox/workspace"
)

type rulesDoc struct {
	Method             workspace.Method             `bson:"method"`
	MaxAutoAssigned    int                          `bson:"maxAutoAssigned"`
	AutoAssignTickets  bool                         `bson:"autoAssignTickets"`
	TeamTarget         workspace.TeamTarget         `bson:"teamTarget"`
	Unassign           workspace.UnassignRule       `bson:"unassign"`
	AIAfterUnassign    workspace.AIAfterUnassign    `bson:"aiAfterUnassign"`
	TransferToAway     workspace.TransferToAway     `bson:"transferToAway"`
	TransferActor      workspace.TransferActor      `bson:"transferActor"`
	TransferAcceptance workspace.TransferAcceptance `bson:"transferAcceptance"`
	OfferTimeout       time.Duration                `bson:"offerTimeout"`
	OfferRounds        int                          `bson:"offerRounds"`
	OfferExhausted     workspace.OfferExhausted     `bson:"offerExhausted"`
	DeclineNeedsReason bool                         `bson:"declineNeedsReason"`
	TakeoverUnassigned workspace.TakeoverUnassigned `bson:"takeoverUnassigned"`
	UndoWindow         time.Duration                `bson:"undoWindow"`
	NotifyContact      workspace.NotifyContact      `bson:"notifyContact"`
	AIWhilePending     workspace.AIWhilePending     `bson:"aiWhilePending"`
	AIWhenAssigned     workspace.AIWhenAssigned     `bson:"aiWhenAssigned"`
	CloseActor         workspace.CloseActor         `bson:"closeActor"`
	OnCloseChat        workspace.OnCloseChat        `bson:"onCloseChat"`
	OnReopen           workspace.OnReopen           `bson:"onReopen"`
	ReopenWindow       time.Duration                `bson:"reopenWindow"`
	StickyOwner        bool                         `bson:"stickyOwner"`
	ContactMayClose    bool                         `bson:"contactMayClose"`
	CloseIdleAfter     time.Duration                `bson:"closeIdleAfter"`
	SendPolicy         workspace.SendPolicy         `bson:"sendPolicy"`
	Reclaim            workspace.ReclaimScope       `bson:"reclaim"`
	ReclaimAfter       time.Duration                `bson:"reclaimAfter"`
	ReclaimLimit       int                          `bson:"reclaimLimit"`
	ReclaimOffline     workspace.ReclaimOffline     `bson:"reclaimOffline"`
	PresenceGrace      time.Duration                `bson:"presenceGrace"`
	PresenceReturn     time.Duration                `bson:"presenceReturn"`
	Visibility         workspace.Visibility         `bson:"visibility"`
	LeftWaits          time.Duration                `bson:"leftWaits"`
	ReasonsRequired    workspace.ReasonUsages       `bson:"reasonsRequired"`
	MatchContacts      workspace.MatchContacts      `bson:"matchContacts"`
}

// rules are the defaults where none are stored at all.
func (d rulesDoc) rules() workspace.Rules {
	if d == (rulesDoc{}) {
		return workspace.DefaultRules()
	}
	return workspace.Rules(d)
}

// UnmarshalBSON gives a rule that was not stored yet, because the workspace is older
// than the rule, the value that it has in a new workspace.
func (d *rulesDoc) UnmarshalBSON(data []byte) error {
	type stored rulesDoc // without this method
	rules := stored(workspace.DefaultRules())
	if err := bson.Unmarshal(data, &rules); err != nil {
		return err
	}
	*d = rulesDoc(rules)
	d.OfferTimeout = min(d.OfferTimeout, workspace.MaxOfferTimeout) // earlier versions, in which it had no effect, allowed more
	return nil
}
