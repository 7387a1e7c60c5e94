package mongo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"

	"switchboard/inbox/feed"
	"switchboard/store/document"
)

// briefly is how long a server may wait for more events before it reports that
// there are none, for readers that do not want to wait.
const briefly = 30 * time.Millisecond

// changeStream is the part of the driver's change stream that the feed uses.
type changeStream interface {
	Next(context.Context) bool
	TryNext(context.Context) bool
	Decode(any) error
	ResumeToken() bson.Raw
	ID() int64
	Err() error
	Close(context.Context) error
}

// feedStream is one change stream over the collection events.
type feedStream struct {
	changes  changeStream
	open     func(ctx context.Context, after bson.Raw) (changeStream, error)
	position string                // where it was opened; empty if that is not known
	stands   bson.Raw              // up to where it was read and understood; nil at first
	heard    func(position string) // nil when nobody wants to know
	moved    func()                // nil when nobody wants to know
	bulletin func(bulletin []byte) // nil when nobody wants to know
	past     past
	// now asks for the time of the cluster; zero if the server does not say so.
	now func(context.Context) (bson.Timestamp, error)
	// cursor is the server's cursor whose first batch was read last; 0 if that of the
	// opening was not. reopened is how often the driver replaced it since the last answer.
	cursor   int64
	reopened int
	again    bool // the driver opened it last, not Watch
	// passed is the token of the last answer without changes.
	passed bson.Raw
	// logEnd finds where the log ends now, until is where it ended when TryNext first
	// found nothing. See reachedEnd.
	logEnd func(context.Context) (bson.Timestamp, bool)
	until  *bson.Timestamp
	// beat writes a heartbeat, mark is the number of the one that ends TryNext, beats of
	// the newest that was read, moves how often an empty answer moved the token. See
	// reachedMark.
	beat        func(context.Context) (int64, error)
	mark, beats int64
	moves       int
	// unproven says that a client gave the position and that the server has not
	// accepted it yet: some refuse it in the first read.
	unproven bool
	passing  passingTexts
	dropped  func(bson.Timestamp) // called when the collection is gone, with the time of the cluster
	broke    func()               // called when Next fails, unless its context ended; nil for nobody
}

// change is the part of a change that the feed looks at.
type change struct {
	Token     bson.Raw `bson:"_id"`
	Operation string   `bson:"operationType"`
	Document  bson.Raw `bson:"fullDocument"`
	Update    struct {
		Fields updatedFields `bson:"updatedFields"`
	} `bson:"updateDescription"`
}

// updatedFields are those of the two documents that the feed hears of. They are named one
// by one: the driver does not see the fields of an embedded type that is not exported.
type updatedFields struct {
	Beats    int64  `bson:"beats"`
	Bulletin []byte `bson:"bulletin"`
}

// Next blocks until there is an event, ctx ends or the stream breaks. After an
// error the stream is of no more use.
func (f *feedStream) Next(ctx context.Context) (feed.FeedItem, error) {
	item, err := f.wait(ctx)
	if err != nil && ctx.Err() == nil && f.broke != nil {
		f.broke()
	}
	return item, err
}

// wait is Next, whoever wants to know of its end.
func (f *feedStream) wait(ctx context.Context) (feed.FeedItem, error) {
	for ctx.Err() == nil {
		switch {
		case f.changes.TryNext(ctx):
			if item, ok, err := f.item(ctx); ok || err != nil {
				return item, err
			}
		case f.changes.Err() != nil, f.changes.ID() == 0:
			return feed.FeedItem{}, f.ended(ctx)
		case f.opening():
			if err := f.opened(ctx); err != nil {
				return feed.FeedItem{}, err
			}
		default:
			f.advanced()
		}
	}
	return feed.FeedItem{}, f.ended(ctx)
}

// TryNext is Next for events that are committed already. A server that has no more
// waits before it reports that: Config.FeedWait for a stream of Watch, briefly for others.
func (f *feedStream) TryNext(ctx context.Context) (feed.FeedItem, bool, error) {
	for ctx.Err() == nil {
		switch {
		case f.changes.TryNext(ctx):
			if item, ok, err := f.item(ctx); ok || err != nil {
				return item, ok, err
			}
			if end, err := f.passedEnd(ctx); end || err != nil {
				return feed.FeedItem{}, false, err
			}
		case f.changes.Err() != nil, f.changes.ID() == 0:
			return feed.FeedItem{}, false, f.ended(ctx)
		case f.opening():
			if err := f.opened(ctx); err != nil {
				return feed.FeedItem{}, false, err
			}
		default:
			f.nothing()
			if end, err := f.reachedEnd(ctx); end || err != nil {
				return feed.FeedItem{}, false, err
			}
		}
	}
	return feed.FeedItem{}, false, f.ended(ctx)
}

// time is when the present change was committed; zero if the server does not say so.
func (f *feedStream) time() bson.Timestamp {
	var c struct {
		Time bson.Timestamp `bson:"clusterTime"`
	}
	if err := f.changes.Decode(&c); err != nil {
		return bson.Timestamp{}
	}
	return c.Time
}

// item reads the present change; ok is false for one that is no event, such as a heartbeat.
// The stream stands behind it once it is understood.
func (f *feedStream) item(ctx context.Context) (item feed.FeedItem, ok bool, err error) {
	f.cursor, f.reopened = f.changes.ID(), 0
	var c change
	if err := f.changes.Decode(&c); err != nil {
		return item, false, feedFault("read the feed", err)
	}
	if item, ok, err = f.read(ctx, c); err == nil {
		f.stands = c.Token
	}
	return item, ok, err
}

func (f *feedStream) read(ctx context.Context, c change) (item feed.FeedItem, ok bool, err error) {
	if c.Operation != "insert" {
		if ends(c.Operation) {
			f.dropped(f.time())
			return item, false, feed.ErrHistoryLost
		}
		f.skipped(ctx, c)
		return item, false, nil
	}
	f.unproven, f.passed = false, c.Token
	if record, _ := c.Document.Lookup("record").StringValueOK(); document.Record(record) == document.MessageRecord {
		return item, false, feedFault("read the feed", f.passing.keep(c.Document))
	}
	return f.event(ctx, c)
}

// event reads a change that is an event.
func (f *feedStream) event(ctx context.Context, c change) (item feed.FeedItem, ok bool, err error) {
	var doc document.Event
	if err := bson.Unmarshal(c.Document, &doc); err != nil {
		return item, false, feedFault("read the feed", err)
	}
	doc, texts, err := f.passing.complete(ctx, doc)
	if err != nil {
		return item, false, feedFault("read the feed", err)
	}
	return feed.FeedItem{Event: doc.Event(), Position: encodePosition(c.Token), Size: len(c.Document) + texts}, true, nil
}

// ends reports whether nothing can follow the operation, because the collection
// itself is gone.
func ends(operation string) bool {
	return operation == "drop" || operation == "rename" || operation == "dropDatabase" || operation == "invalidate"
}

// errStreamClosed is a stream that ended without saying why.
var errStreamClosed = errors.New("the stream was closed")

func (f *feedStream) ended(ctx context.Context) error {
	err := f.changes.Err()
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("store: read the feed: %w", ctx.Err())
	case err == nil:
		return newUnavailable(fmt.Errorf("store: read the feed: %w", errStreamClosed))
	case f.unproven:
		return openFault(f.position, err)
	default:
		return feedFault("read the feed", err)
	}
}

// Position is where the stream stands now: everything before it was delivered, or is
// none of the reader's business. It is valid from the start, before anything arrived. It
// is not the driver's token, which moves to a change before that is understood, and to
// whatever a server says of an answer without changes: see nothing.
func (f *feedStream) Position() string {
	switch {
	case f.stands != nil:
		return encodePosition(f.stands)
	case f.position != "":
		return f.position
	}
	return encodePosition(f.changes.ResumeToken())
}

// Close frees the stream.
func (f *feedStream) Close(ctx context.Context) error {
	return fault("close the feed", f.changes.Close(ctx))
}

func feedFault(doing string, err error) error {
	switch {
	case err == nil:
		return nil
	case hasCode(err, lostCodes...):
		return fmt.Errorf("store: %s: %w (%w)", doing, feed.ErrHistoryLost, err)
	case errors.Is(err, driver.ErrNilCursor), errors.Is(err, driver.ErrMissingResumeToken):
		return newUnavailable(fmt.Errorf("store: %s: %w", doing, err))
	default:
		return fault(doing, err)
	}
}
