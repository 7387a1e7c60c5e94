package embedded

import (
	"errors"
	"fmt"
	"time"

	"github.com/256dpi/lungo"
	"github.com/256dpi/lungo/bsonkit"
	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
)

type token = bson.Raw

var errNoChange = errors.New("embedded: nothing was ever written")

// newest is the change that was written last; nil when there is none.
func newest(catalog *lungo.Catalog) bsonkit.Doc {
	oplog := catalog.Namespaces[lungo.Oplog]
	if oplog == nil || len(oplog.Documents.List) == 0 {
		return nil
	}
	return oplog.Documents.List[len(oplog.Documents.List)-1]
}

func timeOf(change bsonkit.Doc) (primitive.Timestamp, error) {
	at, ok := bsonkit.Get(change, "_id.ts").(primitive.Timestamp)
	if !ok {
		return at, fmt.Errorf("embedded: the newest change has no time")
	}
	return at, nil
}

// beginAnew keeps only the newest change of a feed that was written in the future,
// with the present time: the clock was set back, and new changes could not follow
// it. A subscriber that resumes at an older position receives the error that
// history is lost. Nothing else in the file depends on the engine's clock.
func (f *file) beginAnew(catalog *lungo.Catalog) error {
	last := newest(catalog)
	if last == nil {
		return nil
	}
	at, err := timeOf(last)
	now, newest := time.Now(), time.Unix(int64(at.T), 0)
	if err != nil || newest.Sub(now) <= clockSlack {
		return err
	}
	f.log.Warn("the clock is behind the newest change in the data file: it was set back, or it was ahead before; live streams begin anew",
		"clock", now.UTC(), "newest", newest.UTC(), "file", f.path)
	oplog := catalog.Namespaces[lungo.Oplog]
	for len(oplog.Documents.List) > 1 {
		oplog.Documents.Remove(oplog.Documents.List[0])
	}
	present := bsonkit.Now()
	for _, path := range []string{"_id.ts", "clusterTime"} {
		if _, err := bsonkit.Put(last, path, present, false); err != nil {
			return fmt.Errorf("embedded: begin the feed anew: %w", err)
		}
	}
	return nil
}

// feedEnd returns the token of the newest change. A stream that resumes there
// misses nothing; one that is opened without it does not know its position until
// something happens.
func feedEnd(engine *lungo.Engine) (token, error) {
	last := newest(engine.Catalog())
	if last == nil {
		return nil, errNoChange
	}
	return bson.Marshal(bsonkit.Get(last, "_id"))
}

// clockSlack is how far the file may be ahead of the clock. A restart within a
// second is, as the engine counts changes anew with each start.
const clockSlack = 5 * time.Second

// passClock makes the engine's clock pass the newest change of the file. The
// clock numbers the changes, and a number given twice would name two positions.
func passClock(engine *lungo.Engine) error {
	last := newest(engine.Catalog())
	if last == nil {
		return nil
	}
	at, err := timeOf(last)
	if err != nil {
		return err
	}
	for !at.Before(bsonkit.Now()) {
		if time.Until(time.Unix(int64(at.T), 0)) > 0 { // counting cannot help, waiting can
			time.Sleep(100 * time.Millisecond)
		}
	}
	return nil
}
