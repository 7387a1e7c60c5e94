package mongo

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// schemaNumber counts the changes of what is stored that older programs must not meet:
// they refuse a database with a greater one. With 2, events and conversations have
// previews of messages, which older programs would show as the messages. With 3 there are
// the log, endpoints of webhooks, offers, receipts, and conversations that sleep: older
// programs would neither keep, end nor remove them with their workspace, or count them. With 4,
// conversations say which API key feeds them, which those that older programs begin do not. schemaID is the document in settings that
// holds the number of the newest program that migrated the database.
const (
	schemaNumber = 4
	schemaID     = "schema"
)

type schemaDoc struct {
	ID     string `bson:"_id"`
	Number int    `bson:"number"`
}

// refuseNewer returns a *SetupError when a newer program migrated the database.
func (s *Store) refuseNewer(ctx context.Context) error {
	stored, err := findOne[schemaDoc](ctx, s, s.settings, bson.D{{Key: "_id", Value: schemaID}})
	switch {
	case errors.Is(err, driver.ErrNoDocuments): // never migrated, or before numbers were kept
		return nil
	case err != nil:
		return fault("read the number of the schema", err)
	case stored.Number > schemaNumber:
		return &SetupError{Reason: ErrNewer, Remedy: fmt.Sprintf(
			"Its schema has the number %d, and this program knows up to %d. Run the release that migrated it, or a newer one.", stored.Number, schemaNumber)}
	}
	return nil
}

// keepNumber raises the stored number to that of this program. It writes nothing if that
// is the number.
func (s *Store) keepNumber(ctx context.Context) error {
	known := bson.D{{Key: "_id", Value: schemaID}, {Key: "number", Value: bson.D{{Key: "$gte", Value: schemaNumber}}}}
	kept, err := exists(ctx, s.settings, known)
	if kept || err != nil {
		return fault("read the number of the schema", err)
	}
	_, err = s.settings.UpdateOne(ctx, bson.D{{Key: "_id", Value: schemaID}},
		bson.D{{Key: "$max", Value: bson.D{{Key: "number", Value: schemaNumber}}}}, options.UpdateOne().SetUpsert(true))
	if isDuplicate(err) { // another server was faster
		return nil
	}
	return fault("write the number of the schema", err)
}

// Prepare readies the database for a server. It migrates one that is empty. In one with
// data it builds no index, as that takes minutes and holds up whoever waits for the
// server: when one is missing or differs it returns a *SetupError with ErrNotMigrated and
// has written nothing. What it readied keeps the number of this program's schema.
func (s *Store) Prepare(ctx context.Context) error {
	if err := s.refuseNewer(ctx); err != nil {
		return err
	}
	missing, err := s.missingIndexes(ctx)
	if err != nil {
		return err
	}
	if len(missing) == 0 {
		noteRetired(ctx, s.conversations, s.log)
		if err := s.adoption.all(ctx); err != nil {
			return err
		}
		if err := s.rebuildDerived(ctx, func(string, int, int) {}); err != nil {
			return err
		}
		return s.keepNumber(ctx)
	}
	inUse, err := s.hasData(ctx)
	switch {
	case err != nil:
		return err
	case inUse:
		return notMigrated(missing)
	}
	return s.Migrate(ctx)
}

// hasData reports whether anything was ever stored that lists would show.
func (s *Store) hasData(ctx context.Context) (bool, error) {
	for _, c := range []*driver.Collection{s.workspaces, s.conversations, s.events, s.contacts} {
		there, err := exists(ctx, c, bson.D{})
		if there || err != nil {
			return there, fault("look for data", err)
		}
	}
	return false, nil
}

// missingIndexes names the indexes of the table that are not there as the table has
// them, such as "events.key", and notes when none is missing.
func (s *Store) missingIndexes(ctx context.Context) (out []string, err error) {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	now, unknown := clusterTime(ctx, s.client)
	for _, c := range s.indexTable() {
		there, err := c.of.Indexes().ListSpecifications(ctx)
		if err != nil && !hasCode(err, namespaceNotFound) {
			return nil, fault("list the indexes of "+c.of.Name(), err)
		}
		for _, want := range c.indexes {
			if !slices.ContainsFunc(there, want.is) {
				out = append(out, c.of.Name()+"."+want.name)
			}
		}
	}
	if len(out) == 0 && unknown == nil && !now.IsZero() {
		s.unindexed.whole.Store(&now)
	}
	return out, nil
}

// noteRetired logs the indexes of earlier versions that are left: Migrate drops nothing,
// as a server of such a version may still run and names them in its queries.
func noteRetired(ctx context.Context, in *driver.Collection, log *slog.Logger) {
	ctx, cancel := context.WithTimeout(ctx, DefaultTimeout)
	defer cancel()
	there, err := in.Indexes().ListSpecifications(ctx)
	if err != nil {
		return // somebody else will say so
	}
	var left []string
	for _, i := range there {
		if slices.Contains([]string{"by_activity", "by_creation", "by_waiting", "by_awaiting"}, i.Name) {
			left = append(left, i.Name)
		}
	}
	if len(left) > 0 {
		log.Warn("indexes of an earlier version are left, which cost every write: drop them when no server of that version runs",
			slog.String("collection", in.Name()), slog.Any("indexes", left))
	}
}

const namespaceNotFound = 26

// is reports whether a stored index has the name and the keys of i, and is unique where
// i is.
func (i index) is(stored driver.IndexSpecification) bool {
	elements, err := stored.KeysDocument.Elements()
	if err != nil || stored.Name != i.name || len(elements) != len(i.keys) {
		return false
	}
	for n, e := range elements {
		if e.Key() != i.keys[n] {
			return false
		}
	}
	return i.unique == (stored.Unique != nil && *stored.Unique)
}
