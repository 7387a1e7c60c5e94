package mongo

import (
	"fmt"
	"strings"

	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readconcern"
	"go.mongodb.org/mongo-driver/v2/mongo/readpref"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/connstring"
)

// options are ours for what the URI leaves out, the URI's for what an operator knows
// better, and ours again for what the program is built on: every acknowledged write is
// in the journal of a majority, and reads return such writes alone, from the primary, so
// that nobody is told of a change that an election takes back. timeoutMS becomes the
// bound of an operation (Config.Timeout), as the driver would end index builds and
// change streams by it.
func (c Config) options() *options.ClientOptions {
	journal := true
	o := options.Client().
		SetAppName("switchboard").
		SetServerSelectionTimeout(DefaultServerSelectionTimeout).
		SetConnectTimeout(DefaultServerSelectionTimeout).
		ApplyURI(c.URI).
		SetReadPreference(readpref.Primary()).
		SetReadConcern(readconcern.Majority()). // what is read is not rolled back
		SetWriteConcern(&writeconcern.WriteConcern{W: "majority", Journal: &journal})
	o.Timeout = nil
	if c.ServerSelectionTimeout > 0 {
		o.SetServerSelectionTimeout(c.ServerSelectionTimeout).SetConnectTimeout(c.ServerSelectionTimeout)
	}
	if c.Monitor != nil {
		o.SetMonitor(c.Monitor)
	}
	return o
}

// replacedSettings says which settings of a URI have no effect, or another one than
// usual.
func replacedSettings(uri *connstring.ConnString) (said []string) {
	var replaced []string
	for _, s := range []struct {
		name string
		set  bool
	}{
		{"w", uri.WString != "" && uri.WString != "majority" || uri.WNumberSet},
		{"journal", uri.JSet && !uri.J},
		{"readPreference", uri.ReadPreference != "" && !strings.EqualFold(uri.ReadPreference, "primary")},
		{"readConcernLevel", uri.ReadConcernLevel != ""},
	} {
		if s.set {
			replaced = append(replaced, s.name)
		}
	}
	if len(replaced) > 0 {
		said = append(said, fmt.Sprintf("the connection string sets %s, which has no effect: writes are acknowledged by the "+
			"journals of a majority, and reads return what a majority has, from the primary", strings.Join(replaced, ", ")))
	}
	if uri.TimeoutSet {
		said = append(said, "timeoutMS of the connection string bounds operations of the database, but neither index builds nor the change stream")
	}
	return said
}
