package mongo

import (
	"context"

	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// Progress says how much is done of a part of a migration, such as of "indexes".
type Progress func(what string, done, total int)

// Migrate makes the collections and indexes that are missing, and brings stored
// words up to date. It may run at any
// time, again, and on several servers at once. Only ctx bounds it: an index of a
// large collection takes minutes. A *SetupError when a newer program migrated the
// database, or when an index of the same name is another one.
func (s *Store) Migrate(ctx context.Context) error {
	return s.MigrateWith(ctx, func(string, int, int) {})
}

// MigrateWith is Migrate, and reports its progress. The indexes of a collection are built
// together, which reads it once, and are reported together.
func (s *Store) MigrateWith(ctx context.Context, progress Progress) error {
	if err := s.refuseNewer(ctx); err != nil {
		return err
	}
	for _, c := range []*driver.Collection{
		s.workspaces, s.loads, s.settings, s.leases, s.keyUses, s.readMarks, s.servers, s.stars, s.shelves, s.webhookProgress,
	} {
		if err := s.db.CreateCollection(ctx, c.Name()); err != nil && !hasCode(err, namespaceExists) {
			return fault("create collection "+c.Name(), err)
		}
	}
	if err := createAll(ctx, s, progress); err != nil {
		return err
	}
	if err := s.adoption.all(ctx); err != nil {
		return err
	}
	if err := s.rebuildDerived(ctx, progress); err != nil {
		return err
	}
	return s.keepNumber(ctx)
}

func createAll(ctx context.Context, s *Store, progress Progress) error {
	table := s.indexTable()
	done, total := 0, 0
	for _, c := range table {
		total += len(c.indexes)
	}
	progress("indexes", done, total)
	for _, c := range table {
		if err := createIndexes(ctx, c.of, c.indexes); err != nil {
			return indexFault(c.of.Name(), err)
		}
		done += len(c.indexes)
		progress("indexes", done, total)
	}
	return nil
}

// createIndexes waits for a majority of the members to build them. By default servers
// wait for all, and for ever if one is down. Products that know no such choice are asked
// without.
func createIndexes(ctx context.Context, of *driver.Collection, indexes []index) error {
	_, err := of.Indexes().CreateMany(ctx, models(indexes), options.CreateIndexes().SetCommitQuorumMajority())
	if err != nil && hasCode(err, unknownFieldCodes()...) {
		_, err = of.Indexes().CreateMany(ctx, models(indexes))
	}
	return err
}

// unknownFieldCodes are those with which servers refuse a field of a command: failed to
// parse, invalid options, command not supported, unknown field.
func unknownFieldCodes() []int { return []int{9, 72, 115, 40415} }
