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
func newest(engine *lungo.Engine) bsonkit.Doc {
	changes := engine.Catalog().Namespaces[lungo.Oplog].Documents.List
	if len(changes) == 0 {
		return nil
	}
	return changes[len(changes)-1]
}

// feedEnd gives the token of the newest change. A stream that resumes there
// misses nothing; one that is opened without it cannot tell where it stands
// until something happens.
func feedEnd(engine *lungo.Engine) (token, error) {
	last := newest(engine)
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
	last := newest(engine)
	if last == nil {
		return nil
	}
	at, ok := bsonkit.Get(last, "_id.ts").(primitive.Timestamp)
	if !ok {
		return fmt.Errorf("embedded: the newest change has no time")
	}
	if ahead := time.Until(time.Unix(int64(at.T), 0)); ahead > clockSlack {
		return fmt.Errorf("embedded: the data file was written %s in the future; set the clock right", ahead.Round(time.Second))
	}
	for !at.Before(bsonkit.Now()) {
		if time.Until(time.Unix(int64(at.T), 0)) > 0 { // counting cannot help, waiting can
			time.Sleep(100 * time.Millisecond)
		}
	}
	return nil
}
