package mongo

import (
	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"switchboard/inbox/webhooks"
	"switchboard/inbox/workspace"
)

// index is one row of the table of indexes.
type index struct {
	name   string
	keys   []string
	unique bool
	// where keeps documents out of the index that it has no business with.
	where bson.D
	// expires has the server remove documents once the time in their one key is
	// past.
	expires bool
}

// indexTable lists every index of every collection. Lists walk an index by place
// and in the order of their sort key, forwards or backwards. Other filters have
// no index of their own: each costs every commit.
func (s *Store) indexTable() []struct {
	of      *driver.Collection
	indexes []index
} {
	set := func(field string) bson.D { return bson.D{{Key: field, Value: bson.D{{Key: "$exists", Value: true}}}} }
	emptying := index{name: "emptying", keys: []string{"emptyingSince"}, where: set("emptyingSince")}
	return []struct {
		of      *driver.Collection
		indexes []index
	}{
		{s.conversations, []index{
			{name: "list_by_activity", keys: []string{"workspace", "places", "own.status", "lastActivityAt", "_id"}},
			{name: "list_by_creation", keys: []string{"workspace", "places", "own.status", "createdAt", "_id"}},
			{name: "list_by_waiting", keys: []string{"workspace", "places", "own.status", "own.waitingSince", "_id"}},
			{name: "left", keys: []string{"own.grabsUntil"}, where: set("own.grabsUntil")},
			{name: "list_by_awaiting", keys: []string{"workspace", "places", "own.status", "awaitingReplySince", "_id"}},
			{name: "contact", keys: []string{"workspace", "contact", "lastActivityAt", "_id"}},
			{name: idleIndex, keys: []string{"workspace", "own.status", "lastActivityAt", "_id"}, where: bson.D{{Key: "kind", Value: workspace.Livechat}}},
			{name: "words", keys: []string{"workspace", "words"}},
			{name: "external_id", keys: []string{"workspace", "externalId"}, unique: true, where: set("externalId")},
		}},
		{s.events, []index{
			{name: "history", keys: []string{"workspace", "conversation", "type", "version"}},
			{name: messageIndex, keys: []string{"workspace", "conversation", "record", "sequence", "at", "_id"}},
			{name: "key", keys: []string{"workspace", "key.key", "key.actor.id", "key.actor.kind"}, unique: true, where: set("key.key")},
			{name: "external_id", keys: []string{"workspace", "conversation", "externalId"}, unique: true, where: set("externalId")},
			{name: notificationIndex, keys: []string{"workspace", "audience", "place", "at", "_id"}, where: set("audience")},
			{name: "expiry", keys: []string{"expires"}, where: set("expires"), expires: true},
		}},
		{s.offers, offerIndexes(set("lapsesAt"))},
		{s.contacts, []index{
			{name: "external_id", keys: []string{"workspace", "externalId"}, unique: true, where: set("externalId")},
			{name: "by_creation", keys: []string{"workspace", "createdAt", "_id"}},
			{name: "words", keys: []string{"workspace", "words"}},
			{name: "verified_email", keys: []string{"workspace", "verifiedEmail"}, where: set("verifiedEmail")},
			{name: "verified_phone", keys: []string{"workspace", "verifiedPhone"}, where: set("verifiedPhone")},
			emptying,
		}},
		{s.workspaces, []index{emptying}},
		{s.members, []index{{name: "workspace", keys: []string{"workspace"}}, emptying}},
		{s.teams, []index{{name: "workspace", keys: []string{"workspace"}}, emptying}},
		{s.agents, []index{{name: "workspace", keys: []string{"workspace"}}, emptying}},
		{s.audit, []index{{name: "newest", keys: []string{"workspace", "at", "_id"}}}},
		{s.presences, []index{
			{name: "member", keys: []string{"workspace", "member"}},
			{name: "server", keys: []string{"server"}},
			{name: "lost", keys: []string{"lostAt", "_id"}},
		}},
		{s.keys, []index{{name: "workspace", keys: []string{"workspace"}}}},
		{s.webhooks, []index{{name: "workspace", keys: []string{"workspace"}}}},
		{s.deliveries, []index{
			{name: "newest", keys: []string{"workspace", "webhook", "_id"}},
			{name: "by_state", keys: []string{"workspace", "webhook", "state", "_id"}},
			{name: "parked_again", keys: []string{"workspace", "webhook", "_id"}, where: parkedAgain()},
		}},
		{s.entries, []index{{name: logIndex, keys: []string{"workspace", "sequence"}, unique: true}}},
		{s.linkSessions, []index{{name: "expiry", keys: []string{"expires"}, expires: true}}},
	}
}

// parkedAgain selects the replays and tests that were given up.
func parkedAgain() bson.D {
	return bson.D{{Key: "state", Value: webhooks.Parked}, {Key: "replay", Value: bson.D{{Key: "$gt", Value: ""}}}}
}

// offerIndexes find offers by their parties and conversations, and open ones by when they
// lapse.
func offerIndexes(open bson.D) []index {
	return []index{
		{name: offerIndex, keys: []string{"workspace", "parties", "offeredAt", "_id"}},
		{name: "lapse", keys: []string{"lapsesAt"}, where: open},
		{name: "conversation", keys: []string{"workspace", "conversation"}},
	}
}

// The codes for what is there already: a collection, and indexes that are defined
// otherwise.
const (
	namespaceExists       = 48
	indexOptionsConflict  = 85
	indexKeySpecsConflict = 86
)

func indexFault(collection string, err error) error {
	if hasCode(err, indexOptionsConflict, indexKeySpecsConflict) {
		return &SetupError{Reason: ErrNotMigrated, Remedy: "An index of the collection " + collection + " has a name that the program uses, and is defined otherwise. " +
			"Drop the index that the cause names, and migrate again.", Cause: err}
	}
	return fault("create the indexes of "+collection, err)
}

// models are the indexes as the driver creates them.
func models(indexes []index) []driver.IndexModel {
	out := make([]driver.IndexModel, 0, len(indexes))
	for _, i := range indexes {
		keys := make(bson.D, 0, len(i.keys))
		for _, k := range i.keys {
			keys = append(keys, bson.E{Key: k, Value: 1})
		}
		o := options.Index().SetName(i.name)
		if i.unique {
			o.SetUnique(true)
		}
		if i.expires {
			o.SetExpireAfterSeconds(0)
		}
		if i.where != nil {
			o.SetPartialFilterExpression(i.where)
		}
		out = append(out, driver.IndexModel{Keys: keys, Options: o})
	}
	return out
}
