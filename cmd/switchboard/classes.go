package main

import (
	"time"

	"switchboard/inbox/workspace"
	"switchboard/transport/guard"
)

// Shares of the memory for subscriptions that one caller, one workspace and all
// contacts of a workspace may use at most.
const (
	callerShare    = 4
	workspaceShare = 2
	contactsShare  = 4
	// contactBytes is the memory that the subscriptions of one contact may use,
	// with the messages that wait to be sent: a page of long messages.
	contactBytes = 4 << 20
	// contactMessage is the largest request of a contact: a message as long as may
	// be, every character of it escaped, and a document.
	contactMessage = 256 << 10
	// contactAtOnce is the cost that one operation of a contact may have, in
	// seconds of its rate.
	contactAtOnce = 5
	// contactShare is the part of the time in which operations of one contact may be
	// under way: the honest send one of 10 ms now and then.
	contactShare = 0.1
	// contactHold is how long a contact waits for the answer that it asked too
	// much.
	contactHold = time.Second
	// contactsOperations is how many operations all contacts of a workspace may run
	// at once, for each that one may.
	contactsOperations = 16
)

// rootBytes is the memory that subscriptions take beside what every one does: for what
// listens to the rights of a group, for what finds their events, for each counted view.
// What depends on the data, such as the ids of a counted view, is counted when it is
// there: see follow.Request.
func rootBytes() map[string]int64 {
	return map[string]int64{
		"assignmentEvents": 8 << 10, "inboxChanges": 8 << 10, "inboxCounts": 3 << 10, "workloads": 16 << 10,
		"conversationUpdates": 4 << 10, "eventLog": 16 << 10,
	}
}

// classes are the limits for each kind of caller.
func (s budgetSettings) classes(m memory) map[string]guard.Class {
	all := m.subscriptions(s.SubscriptionMemory)
	return map[string]guard.Class{
		string(workspace.ActorMember):  {Subscriptions: s.MemberSubscriptions, Bytes: all / callerShare},
		string(workspace.ActorAgent):   {Subscriptions: s.IntegrationSubscriptions, Bytes: all / callerShare},
		string(workspace.ActorPartner): {Subscriptions: s.IntegrationSubscriptions, Bytes: all / callerShare},
		string(workspace.ActorContact): {
			Connections: s.ContactConnections, Subscriptions: s.ContactSubscriptions, Bytes: min(contactBytes, all/callerShare),
			SubscriptionsTogether: s.WorkspaceSubscriptions / 2, BytesTogether: all / contactsShare,
			Operations: s.ContactOperations, OperationsTogether: contactsOperations * s.ContactOperations,
			SocketOperations: s.ContactSubscriptions + s.ContactOperations,
			Cost:             contactAtOnce * s.ContactCostPerSecond, CostPerSecond: s.ContactCostPerSecond, MessageBytes: contactMessage, Hold: contactHold,
			InTurn: true, Share: contactShare,
		},
	}
}

func (s budgetSettings) budget(m memory) guard.Budget {
	all := m.subscriptions(s.SubscriptionMemory)
	return guard.Budget{
		Subscriptions: s.MaxSubscriptions, SubscriptionsByTenant: s.WorkspaceSubscriptions,
		Bytes: all, BytesByTenant: all / workspaceShare, Full: m.full,
	}
}
