package store

import (
	"context"
	"slices"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo/options"

	"switchboard/inbox"
)

// wordsVersion counts the changes of Words after which stored words have to be
// made again.
const wordsVersion = 3

type wordsVersionDoc struct {
	ID      string `bson:"_id"`
	Version int    `bson:"version"`
}

// searched is what the words of a stored conversation are made from.
type searched struct {
	ID          inbox.ConversationID `bson:"_id"`
	Subject     string               `bson:"subject"`
	ContactName string               `bson:"contactName"`
	Email       string               `bson:"contactEmail"`
	Phone       string               `bson:"contactPhone"`
	Words       []string             `bson:"words"`
}

// refold makes the words of stored conversations again if they were made by an
// earlier version of Words, so that what was found before still is. It may run
// on several servers at once, and again after it was interrupted. What a server
// of an earlier version writes afterwards has that version's words until the
// conversation changes again.
func (s *Store) refold(ctx context.Context) error {
	made, err := find[wordsVersionDoc](ctx, s, s.settings, bson.D{{Key: "_id", Value: "words"}})
	if err != nil {
		return fault("read the version of the words", err)
	}
	if len(made) > 0 && made[0].Version >= wordsVersion {
		return nil
	}
	if err := s.refoldAll(ctx); err != nil {
		return fault("make the words of conversations again", err)
	}
	if err := s.refoldContacts(ctx); err != nil {
		return fault("make the words of contacts again", err)
	}
	_, err = s.settings.ReplaceOne(ctx, bson.D{{Key: "_id", Value: "words"}},
		wordsVersionDoc{ID: "words", Version: wordsVersion}, options.Replace().SetUpsert(true))
	if isDuplicate(err) { // another server was faster
		return nil
	}
	return fault("write the version of the words", err)
}

func (s *Store) refoldAll(ctx context.Context) error {
	fields := bson.D{{Key: "subject", Value: 1}, {Key: "contactName", Value: 1}, {Key: "contactEmail", Value: 1}, {Key: "contactPhone", Value: 1}, {Key: "words", Value: 1}}
	cursor, err := s.conversations.Find(ctx, bson.D{}, options.Find().SetProjection(fields))
	if err != nil {
		return err
	}
	defer func() { _ = cursor.Close(ctx) }()
	for cursor.Next(ctx) {
		var c searched
		if err := cursor.Decode(&c); err != nil {
			return err
		}
		words := Words(inbox.Conversation{Subject: c.Subject, ContactName: c.ContactName, ContactEmail: c.Email, ContactPhone: c.Phone}.SearchText())
		if slices.Equal(words, c.Words) {
			continue
		}
		// A change meanwhile brings its own words.
		same := bson.D{{Key: "_id", Value: c.ID}, {Key: "subject", Value: c.Subject}, {Key: "contactName", Value: c.ContactName}}
		if _, err := s.conversations.UpdateOne(ctx, same, bson.D{{Key: "$set", Value: bson.D{{Key: "words", Value: words}}}}); err != nil {
			return err
		}
	}
	return cursor.Err()
}

// refoldContacts also gives contacts from before there were lists of them what the
// lists go by.
func (s *Store) refoldContacts(ctx context.Context) error {
	cursor, err := s.contacts.Find(ctx, bson.D{})
	if err != nil {
		return err
	}
	defer func() { _ = cursor.Close(ctx) }()
	for cursor.Next(ctx) {
		var d contactDoc
		if err := cursor.Decode(&d); err != nil {
			return err
		}
		c := d.contact()
		set := bson.D{{Key: "createdAt", Value: c.CreatedAt}}
		if words := Words(c.SearchText()); !c.Gone() && len(words) > 0 {
			set = append(set, bson.E{Key: "words", Value: words})
		}
		same := bson.D{{Key: "_id", Value: d.ID}, {Key: "name", Value: d.Name}, {Key: "email", Value: d.Email}, ofRevision(c.Rev)}
		if _, err := s.contacts.UpdateOne(ctx, same, bson.D{{Key: "$set", Value: set}}); err != nil {
			return err
		}
	}
	return cursor.Err()
}
