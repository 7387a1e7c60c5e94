package store

import (
	"time"

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
	SendPolicy         inbox.SendPolicy         `bson:"sendPolicy"`
	ReclaimAfter       time.Duration            `bson:"reclaimAfter"`
	PresenceGrace      time.Duration            `bson:"presenceGrace"`
	Visibility         inbox.Visibility         `bson:"visibility"`
	MatchContacts      inbox.MatchContacts      `bson:"matchContacts"`
}
