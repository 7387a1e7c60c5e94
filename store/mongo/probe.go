package mongo

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// probe opens a change stream and commits a transaction, as servers that refuse either
// say so only then. It writes nothing.
func (s *Store) probe(ctx context.Context, d deployment) error {
	if err := s.probeStream(ctx); err != nil {
		return d.probeFault("open a change stream", ErrNoChangeStreams, err)
	}
	if err := s.probeTransaction(ctx); err != nil {
		return d.probeFault("commit a transaction", ErrNoTransactions, err)
	}
	return nil
}

func (s *Store) probeStream(ctx context.Context) error {
	stream, err := s.events.Watch(ctx, feedStages("", false, false), options.ChangeStream().SetBatchSize(0))
	if err != nil {
		return err
	}
	return stream.Close(ctx)
}

// probeTransaction reads, because a transaction without commands is never sent.
func (s *Store) probeTransaction(ctx context.Context) error {
	return s.transact(ctx, transaction{
		do: func(tx context.Context) error {
			err := s.settings.FindOne(tx, bson.D{{Key: "_id", Value: schemaID}}).Err()
			if errors.Is(err, driver.ErrNoDocuments) {
				return nil
			}
			return err
		},
		done: func(context.Context) (bool, error) { return false, nil },
	})
}

// probeFault tells what is refused for good from what passes.
func (d deployment) probeFault(doing string, reason, err error) error {
	switch {
	case passes(err):
		return &SetupError{Reason: ErrUnreachable, Address: d.address, Remedy: "It answered, but could not " + doing + " just now. Check that the replica set has a primary.", Cause: err}
	case answered(err):
		return &SetupError{Reason: reason, Address: d.address, Remedy: d.remedy(reason, err), Cause: err}
	default:
		return fmt.Errorf("store: %s: %w", doing, err)
	}
}

// unauthorized is the code for a command that the user may not send.
const unauthorized = 13

// remedy says how to get what is refused.
func (d deployment) remedy(reason, err error) string {
	switch {
	case hasCode(err, unauthorized):
		return "The user of the connection string lacks a privilege: grant it the role readWrite on the database, or the actions find, insert, update, remove, createCollection, createIndex and changeStream on its collections."
	case errors.Is(reason, ErrNoChangeStreams) && d.product == documentDB:
		return "Enable them: run the command modifyChangeStreams of Amazon DocumentDB for this database, with an empty collection."
	case errors.Is(reason, ErrNoChangeStreams) && d.product == atlas:
		return "Flex clusters of Atlas have none: use M0, or M10 and larger."
	case errors.Is(reason, ErrNoChangeStreams):
		return "Servers learn from them what other servers write. " + instead
	default:
		return "A change of ownership and its event are written together or not at all. " + instead
	}
}
