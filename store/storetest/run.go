package storetest

import (
	"slices"
	"testing"

	"switchboard/internal/walk"
	"switchboard/store"
)

// Opener opens one set of data, again with each call. The suite closes what it
// opened before it opens again.
type Opener func() store.Engine

// Run runs the suite. Fresh is called once a test and prepares data that no
// other test sees, with collections and indexes made.
func Run(t *testing.T, fresh func(t *testing.T) Opener) {
	t.Helper()
	run(t, fresh, []row{
		{"round trip", roundTrip},
		{"commit/create", create},
		{"commit/touches only what its event may", touches},
		{"commit/guards", guards},
		{"commit/two takeovers at once", takeovers},
		{"commit/rollback", rollback},
		{"commit/idempotent repeat", idempotentRepeat},
		{"commit/contact tokens end", tokensEnd},
		{"commit/one successor", oneSuccessor},
		{"commit/conflicts are retried", conflicts},
		{"commit/cap holds", capHolds},
		{"commit/cap counts the kinds it should", capKinds},
		{"commit/a choice holds or not", seenLoads},
		{"commit/rotations", rotations},
		{"commit/one of many makes the turn", rotationRace},
		{"commit/no load below zero", noLoadBelowZero},
		{"commit/first loads at once", firstLoads},
		{"commit/several", several},
		{"directory/create and load", directoryCreate},
		{"directory/save", directorySave},
		{"directory/one of two saves wins", directoryRace},
		{"api keys/whose they are", keyOwners},
		{"api keys/last use", keyUses},
		{"administration/one act, whole or not at all", actWhole},
		{"administration/acts follow one another", actsInTurn},
		{"administration/what is removed", emptying},
		{"administration/workspaces", workspaces},
		{"administration/audit log", auditLog},
		{"finding/stars", stars},
		{"finding/one of many stars at once", starsRace},
		{"finding/saved views", shelves},
		{"finding/who awaits an answer", awaiting},
		{"secret", secret},
		{"secret/rotated by one at a time", secretRotated},
		{"demo workspaces that were made", demoRecord},
		{"link sessions/a link is used once", linkUsedOnce},
		{"link sessions/renewed, over, ended", linkSessions},
		{"settings/the cursors' keys", sealingKeys},
		{"feed/complete and in order", feedComplete},
		{"feed/resumes anywhere", feedResumes},
		{"feed/gives what there is without waiting", feedTries},
		{"feed/of one workspace", feedOfWorkspace},
		{"feed/what was committed shortly before", feedRecent},
		{"feed/position before the first event", feedFirstPosition},
		{"feed/malformed position", feedMalformed},
		{"feed/next ends with its context", feedCancelled},
		{"notifications/digests of calls with many", digests}, {"events/by the beginning of their keys", eventsByKeys},
		{"notifications/written with their event", notificationsWritten},
		{"notifications/withdrawn with the claim", notificationsWithdrawn},
		{"notifications/read", notificationsRead},
		{"notifications/over", notificationsOver},
		{"notifications/marks at once", notificationMarksRace},
		{"notifications/follow from the events", notificationsProperty},
		{"notifications/claimed at once", notificationsRace},
		{"presences/kept and lost", presences},
		{"presences/servers live and die", servers},
		{"leases/one holder", leases},
		{"leases/one of many takes it", leaseRace},
		{"feed/heartbeats", heartbeats},
		{"feed/heartbeats at once", heartbeatsAtOnce},
		{"feed/bulletins", bulletins},
		{"feed/bulletins of the past", bulletinsOfThePast},
		{"retention", forgets}, {"contexts", contexts},
	})
	run(t, fresh, slices.Concat(readRows(), contactRows(), logRows(), offerRows(), webhookRows()))
}

func webhookRows() []row {
	return []row{
		{"webhooks/progress with deliveries", webhookProgress},
		{"webhooks/lists of deliveries", deliveries},
		{"webhooks/tests and replays", deliveriesAgain},
		{"webhooks/conditions", conditions},
		{"webhooks/the key of secrets", webhookKey},
		{"webhooks/part of the directory", webhookDirectory},
	}
}

func offerRows() []row {
	return []row{
		{"offers/written with what changes them", offersWritten},
		{"offers/lists", offersListed},
		{"offers/a slot is reserved", slotsReserved},
		{"offers/in the lists of conversations", offersInLists},
		{"offers/to all of a team, and one declines", offersDeclinedByOne},
		{"offers/in lists as the domain says", offersInListsAsTheDomainSays},
		{"offers/one notification for a call", offersOfACall},
	}
}

func contactRows() []row {
	return []row{
		{"receipts/of each message", receipts},
		{"receipts/guarded", receiptsGuarded},
		{"contacts/lists", contactListProperty},
		{"contacts/saved by revision", contactsSaved},
		{"contacts/followed by their conversations", contactsFollowed},
		{"contacts/erased", contactsErased},
		{"contacts/changed while a conversation begins", contactsGuarded},
		{"contacts/changed while a conversation is given to somebody", contactsMoved},
	}
}

// RunKept runs the part of the suite that closes a backend and opens it again,
// for what keeps its data meanwhile.
func RunKept(t *testing.T, fresh func(t *testing.T) Opener) {
	t.Helper()
	run(t, fresh, []row{
		{"everything is still there", kept},
		{"feed/resumes after reopening", feedReopened},
		{"link sessions/a used link stays used", linkKept},
		{"presences/what a dead process left", serversKept},
	})
}

// RunWalks runs the part of the suite that only asks, thousands of times in turn.
func RunWalks(t *testing.T, fresh func(t *testing.T) Opener) {
	t.Helper()
	walk.Alone(t)
	run(t, fresh, []row{{"lists/among few and many teammates", listsOfMany}})
}

type row struct {
	name string
	test func(*testing.T, Opener)
}

func run(t *testing.T, fresh func(t *testing.T) Opener, rows []row) {
	t.Helper()
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) { r.test(t, fresh(t)) })
	}
}

func readRows() []row {
	return []row{
		{"reads/foreign workspace", isolation},
		{"reads/an event is no message", recordsApart},
		{"reads/many at once", manyAtOnce},
		{"reads/external ids", externalIDs},
		{"reads/newest id", newestID},
		{"reads/what is due", dueOf},
		{"reads/what was left", leftOf},
		{"reads/what sleeps", asleepOf},
		{"reads/what is idle", idleOf},
		{"reads/queue position", queuePosition},
		{"lists/conversations", listProperty},
		{"lists/stable while written to", listStable},
		{"lists/count", countConversations},
		{"lists/messages", messageProperty},
		{"lists/long texts", longTexts},
		{"order/messages", messagesPolled},
		{"order/notifications", notificationsInOrder},
		{"lists/history", history},
	}
}
