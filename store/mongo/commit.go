package mongo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/store/document"
)

// Commit writes c in one transaction: the conversation, the event with its messages, the
// loads, and the commit, a round trip each. It waits for other commits on this server
// that write the same documents, and may share the transaction with them. Besides the errors of
// inbox.Store it gives an untyped error when a load would fall below zero, which
// is a fault in the program.
func (s *Store) Commit(ctx context.Context, c commit.Change) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	if c.Conversation.Workspace != c.Event.Workspace {
		return fmt.Errorf("store: commit: the event is of workspace %q, its conversation of %q",
			c.Event.Workspace, c.Conversation.Workspace)
	}
	return s.committer.commit(ctx, &pending{change: c})[0].result()
}

// CommitEach is Commit for several changes of one workspace: it writes them in a few
// transactions, and returns the error of each.
func (s *Store) CommitEach(ctx context.Context, changes []commit.Change) []error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	all := make([]*pending, 0, len(changes))
	for _, c := range changes {
		all = append(all, &pending{change: c})
	}
	errs := make([]error, 0, len(all))
	for some := range slices.Chunk(all, commitsEach) {
		for _, p := range s.committer.commit(ctx, some...) {
			errs = append(errs, p.result())
		}
	}
	return errs
}

// result completes the event of a change that was written.
func (p *pending) result() error {
	if p.err == nil {
		document.Complete(p.change.Event, p.event)
	}
	return fault("commit", p.err)
}

// write makes one attempt and returns the event as it is stored. The guard comes
// first, so that a commit that lost a race fails at once and blocks nobody else.
func (s *Store) write(tx context.Context, c commit.Change) (inbox.Event, error) {
	after, err := s.writeConversation(tx, c)
	if err != nil {
		return inbox.Event{}, err
	}
	if c.Contact != nil {
		if err := s.keepContact(tx, *c.Contact); err != nil {
			return inbox.Event{}, err
		}
	}
	if c.Known != nil {
		if err := s.holdContact(tx, c.Conversation.Workspace, *c.Known); err != nil {
			return inbox.Event{}, err
		}
	}
	if c.Contacts != nil {
		if _, err := s.writeContacts(tx, *c.Contacts); err != nil {
			return inbox.Event{}, err
		}
	}
	if c.Audit != nil {
		if err := s.writeAudit(tx, *c.Audit); err != nil {
			return inbox.Event{}, err
		}
	}
	if err := s.writeReceipt(tx, c.Event); err != nil {
		return inbox.Event{}, err
	}
	e := document.Left(c.Event, after)
	if err := s.record(tx, e); err != nil {
		return inbox.Event{}, err
	}
	return e, s.committer.moveLoads(tx, c)
}

// writeConversation returns the conversation as it leaves it. ErrStale when the
// guard finds nothing.
func (s *Store) writeConversation(tx context.Context, c commit.Change) (inbox.Conversation, error) {
	if c.Create {
		return s.insertConversation(tx, c)
	}
	doc, err := decoded[document.ConversationState](s.conversations.FindOneAndUpdate(tx, guardFilter(c), touching(c), stateAfter()))
	if c.Yields && hasCode(err, codeWriteConflict) || errors.Is(err, driver.ErrNoDocuments) {
		err = commit.ErrStale
	}
	return doc.Conversation(), err
}

// stateAfter makes an update return the state that it produces, without the fields
// that only lists filter by.
func stateAfter() *options.FindOneAndUpdateOptionsBuilder {
	return options.FindOneAndUpdate().SetReturnDocument(options.After).SetProjection(withoutDerived())
}

func withoutDerived() bson.D {
	return bson.D{{Key: "words", Value: 0}, {Key: "places", Value: 0}, {Key: "handler", Value: 0}}
}

func (s *Store) insertConversation(tx context.Context, c commit.Change) (inbox.Conversation, error) {
	if err := s.linkSuccessor(tx, c); err != nil {
		return inbox.Conversation{}, err
	}
	after, messages := c.Conversation, slices.Clone(c.Event.Messages)
	after.Revision, after.MessageCount, after.PublicMessageCount = 1, 0, 0
	after = after.Number(messages)
	if m := document.LastPublic(messages); m != nil {
		after.LastMessage = m
	}
	_, err := s.conversations.InsertOne(tx, document.OfConversation(after).Preview())
	if isDuplicate(err) {
		err = commit.ErrDuplicateKey
	}
	return after, err
}

// linkSuccessor makes a conversation that is created the one successor of the
// closed one that it continues. B:C4.
func (s *Store) linkSuccessor(tx context.Context, c commit.Change) error {
	if c.Continues == "" {
		return nil
	}
	filter := bson.D{
		{Key: "_id", Value: c.Continues}, {Key: "workspace", Value: c.Conversation.Workspace},
		{Key: "own.status", Value: inbox.Closed}, {Key: "next", Value: bson.D{{Key: "$exists", Value: false}}},
	}
	filter = append(filter, tokenFilter(c.Guard)...)
	filter = append(filter, bson.E{Key: "contact", Value: c.Conversation.Contact}, sameCopyRevision(c.Conversation.ContactCopyRevision))
	res, err := s.conversations.UpdateOne(tx, filter, bson.D{
		{Key: "$set", Value: bson.D{{Key: "next", Value: c.Conversation.ID}}}, {Key: "$inc", Value: bson.D{{Key: "revision", Value: 1}}},
	})
	if err == nil && res.MatchedCount == 0 {
		return commit.ErrStale
	}
	return err
}

// tokenFilter demands the issue number of the guard. Documents hold none while it
// is 0.
func tokenFilter(g commit.Guard) bson.D {
	switch {
	case g.TokenIssue == nil:
		return nil
	case *g.TokenIssue == 0:
		return bson.D{{Key: "tokenIssue", Value: bson.D{{Key: "$exists", Value: false}}}}
	}
	return bson.D{{Key: "tokenIssue", Value: *g.TokenIssue}}
}

func guardFilter(c commit.Change) bson.D {
	filter := bson.D{{Key: "_id", Value: c.Conversation.ID}, {Key: "workspace", Value: c.Conversation.Workspace}}
	if c.Guard.Version != 0 {
		filter = append(filter, bson.E{Key: "version", Value: c.Guard.Version})
	}
	if c.Guard.Epoch != 0 {
		filter = append(filter, bson.E{Key: "epoch", Value: c.Guard.Epoch})
	}
	if c.Guard.NotClosed {
		filter = append(filter, bson.E{Key: "own.status", Value: bson.D{{Key: "$ne", Value: inbox.Closed}}})
	}
	if c.Event.Type == inbox.OwnershipEvent {
		// The places that this change writes hold the address of the contact as it was read.
		filter = append(filter, bson.E{Key: "contact", Value: c.Conversation.Contact}, sameCopyRevision(c.Conversation.ContactCopyRevision))
	}
	if !c.Guard.QuietSince.IsZero() {
		filter = append(filter, bson.E{Key: "lastActivityAt", Value: bson.D{{Key: "$lte", Value: c.Guard.QuietSince}}})
	}
	if at := c.Guard.AwaitingReplySince; at != nil {
		// A document of before this was kept has none.
		filter = append(filter, bson.E{Key: "awaitingReplySince", Value: bson.D{{Key: "$in", Value: bson.A{nil, document.StoredAwaiting(*at)}}}})
	}
	if at := c.Guard.Revision; at != nil {
		filter = append(filter, revisionFilter(*at))
	}
	return append(filter, tokenFilter(c.Guard)...)
}

// touching is the update that c makes. Messages do not wait for each other, so that
// one of a contact may not know whether the wait for an answer has begun: the earliest
// beginning stays.
func touching(c commit.Change) bson.D {
	inc, counted := counting(c.Event.Messages)
	change, update := touched(c), bson.D{{Key: "$inc", Value: inc}}
	change.set = append(counted, change.set...)
	awaiting := func(since time.Time) bson.E {
		return bson.E{Key: "awaitingReplySince", Value: document.StoredAwaiting(since)}
	}
	switch {
	case c.Event.Type == inbox.OwnershipEvent, c.Event.Type == inbox.MessageEvent && inbox.ReplyIn(c.Event.Messages) == inbox.ReplyGiven:
		change.set = append(change.set, awaiting(c.Conversation.AwaitingReplySince))
	case !document.BeginsWait(c).IsZero():
		update = append(update, bson.E{Key: "$min", Value: bson.D{awaiting(document.BeginsWait(c))}})
	}
	if len(change.set) > 0 {
		update = append(update, change.update()...)
	}
	return update
}

// touched returns the fields that the event may change, and no others: a message
// must not undo an ownership change that it did not see.
func touched(c commit.Change) amendment {
	var set bson.D
	if c.EndTokens {
		set = append(set, bson.E{Key: "tokenIssue", Value: c.Conversation.TokenIssue})
	}
	if c.Event.Type == inbox.ContactTokensEvent {
		return amendment{set: set}
	}
	if c.Event.Type == inbox.ReceiptEvent {
		return amendment{set: append(set, receiptFields(c.Conversation)...)}
	}
	if c.Event.Type == inbox.ContactEvent {
		return amendment{set: append(set, contactFields(c.Conversation)...)}
	}
	set = append(set, bson.E{Key: "lastActivityAt", Value: c.Conversation.LastActivityAt})
	if m := document.LastPublic(c.Event.Messages); m != nil {
		set = append(set, bson.E{Key: "lastMessage", Value: document.OfMessage(*m).Preview()})
	}
	if c.Event.Settles != "" || c.Conversation.MayHaveNotifications || c.Event.Type == inbox.OwnershipEvent {
		set = append(set, bson.E{Key: "noticed", Value: c.Conversation.MayHaveNotifications})
	}
	if c.Event.Type != inbox.OwnershipEvent {
		return amendment{set: set}
	}
	derived, own := document.Derive(c.Conversation), amend("own.", document.Ownership(c.Conversation.Ownership))
	own.set = append(append(own.set, set...),
		bson.E{Key: "version", Value: c.Conversation.Version},
		bson.E{Key: "epoch", Value: c.Conversation.Epoch},
		bson.E{Key: "formerAssignee", Value: c.Conversation.FormerAssignee},
		bson.E{Key: "openedIn", Value: c.Conversation.OpenedIn},
		bson.E{Key: "closedAt", Value: c.Conversation.ClosedAt},
		bson.E{Key: "introduced", Value: c.Conversation.Introduced},
		bson.E{Key: "changed", Value: document.OfAttribution(c.Conversation.Changed)},
		bson.E{Key: "shownAt", Value: c.Conversation.ShownAt},
		bson.E{Key: "handler", Value: derived.Handler},
		bson.E{Key: "places", Value: derived.Places})
	return own.with("offer", document.StateOf(c.Conversation).Offer)
}

// record inserts events with their messages and notifications, in one command.
func (s *Store) record(tx context.Context, events ...inbox.Event) error {
	if err := s.settleNotifications(tx, events); err != nil {
		return err
	}
	docs, digests := notificationsOf(events)
	if err := s.joinDigests(tx, digests); err != nil {
		return err
	}
	for _, e := range events {
		docs = append(docs, document.Entries(e)...)
	}
	if err := writeOffers(tx, s.offers, events); err != nil {
		return err
	}
	_, err := s.events.InsertMany(tx, docs, options.InsertMany().SetOrdered(true))
	if isDuplicate(err) {
		return commit.ErrDuplicateKey
	}
	return err
}

// recordedAs finds the event as an earlier attempt recorded it; ok is false when
// none did.
func (s *Store) recordedAs(ctx context.Context, e inbox.Event) (found inbox.Event, ok bool, err error) {
	found, err = s.Event(ctx, e.Workspace, e.ID)
	if inbox.CodeOf(err) == inbox.NotFound {
		return inbox.Event{}, false, nil
	}
	return found, err == nil, err
}

// recorded reports whether the event is in the database.
func (s *Store) recorded(ctx context.Context, e inbox.Event) (bool, error) {
	return exists(ctx, s.events, inWorkspace(e.Workspace, e.ID), options.FindOne().SetHint("_id_"))
}
