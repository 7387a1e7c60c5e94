package mongo

import (
	"context"
	"fmt"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/connstring"
)

// product is who made the database that answers. docs/operating.md has the table of
// what each can do.
type product string

// The products that are told apart. Those with names in the connection string are
// known by them, as their answers do not say.
const (
	mongoDB       product = "MongoDB"
	atlas         product = "MongoDB Atlas"
	ferretDB      product = "FerretDB"
	documentDB    product = "Amazon DocumentDB"
	elastic       product = "Amazon DocumentDB elastic clusters"
	azureCluster  product = "Azure DocumentDB"
	azureCosmosRU product = "Azure Cosmos DB for MongoDB (RU)"
)

// domains are the names under which services give out their clusters; the longer of
// two that end alike comes first.
func domains() []struct {
	suffix  string
	product product
} {
	return []struct {
		suffix  string
		product product
	}{
		{".mongodb.net", atlas},
		{".docdb-elastic.amazonaws.com", elastic},
		{".docdb.amazonaws.com", documentDB},
		{".mongocluster.cosmos.azure.com", azureCluster},
		{".mongo.cosmos.azure.com", azureCosmosRU},
		{".documents.azure.com", azureCosmosRU},
	}
}

// deployment is what a database says of itself.
type deployment struct {
	address  string
	product  product
	SetName  string   `bson:"setName"`
	Msg      string   `bson:"msg"` // "isdbgrid" of a router
	Hosts    []string `bson:"hosts"`
	Arbiters []string `bson:"arbiters"`
}

// router reports whether a sharded cluster answers.
func (d deployment) router() bool { return d.Msg == "isdbgrid" }

// look asks the deployment at address what it is. The error is UNAVAILABLE or a
// *SetupError when it does not answer or cannot work.
func (s *Store) look(ctx context.Context, address string) (deployment, error) {
	found := deployment{address: address}
	admin := s.client.Database("admin")
	if err := admin.RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}).Decode(&found); err != nil {
		return found, helloFault(address, err)
	}
	built, err := admin.RunCommand(ctx, bson.D{{Key: "buildInfo", Value: 1}}).Raw()
	if err != nil && passes(err) {
		return found, helloFault(address, err)
	}
	found.product = productOf(address, built)
	return found, found.refusal()
}

func helloFault(address string, err error) error {
	switch {
	case refusesLogin(err):
		return &SetupError{Reason: ErrRefused, Address: address, Remedy: "Check user name, password and authSource in the connection string.", Cause: err}
	case passes(err):
		return &SetupError{Reason: ErrUnreachable, Address: address, Remedy: "Check that it runs, that the address is right and that no firewall is in between.", Cause: err}
	default:
		return fmt.Errorf("store: check the database: %w", err)
	}
}

// productOf tells products apart by what they were built from and by their addresses.
func productOf(address string, built bson.Raw) product {
	for _, field := range []string{"ferretdb", "ferretdbVersion"} {
		if _, err := built.LookupErr(field); err == nil {
			return ferretDB
		}
	}
	for _, host := range strings.Split(strings.ToLower(address), ",") {
		name, _, _ := strings.Cut(host, ":")
		for _, d := range domains() {
			if strings.HasSuffix(name, d.suffix) {
				return d.product
			}
		}
	}
	return mongoDB
}

// refusal is why the deployment can never work; nil when it may.
func (d deployment) refusal() error {
	switch {
	case d.product == ferretDB:
		return &SetupError{Reason: ErrUnsuitable, Address: d.address, Remedy: "FerretDB answers there. It has no change streams and does not commit transactions, and the program needs both. " + instead}
	case d.product == elastic:
		return &SetupError{Reason: ErrUnsuitable, Address: d.address, Remedy: "An elastic cluster of Amazon DocumentDB answers there. It has no change streams, and the program needs them. " + instead}
	case d.SetName == "" && !d.router():
		return &SetupError{Reason: ErrStandalone, Address: d.address, Remedy: "Transactions and change streams need a replica set; " +
			"one member is enough: start mongod with --replSet rs0 and run rs.initiate() once."}
	}
	return nil
}

// instead is the advice about databases that cannot work.
const instead = "Use a replica set of MongoDB 6.0 or newer, Atlas M0, or Atlas M10 and larger."

// surprises are what an operator should know about a deployment that works.
func (d deployment) surprises(uri *connstring.ConnString) (said []string) {
	if d.router() {
		said = append(said, "the database is a sharded cluster: live updates come up to 10 seconds late unless periodicNoopIntervalSecs is 1 on every shard")
	}
	if len(d.Arbiters) > 0 {
		said = append(said, "the replica set has an arbiter: when one of its data members is away, no write is acknowledged and no live update delivered; replace the arbiter by a member with data")
	}
	if uri.DirectConnection && len(d.Hosts) > 1 {
		said = append(said, "directConnection=true in the connection string ties the program to one member of the replica set: it stops working when another one becomes primary")
	}
	switch d.product {
	case documentDB:
		said = append(said, "Amazon DocumentDB is not tested: change streams must be enabled with modifyChangeStreams, keep 3 hours unless told otherwise, and before 8.0.2 the connection string needs retryWrites=false")
	case azureCluster, azureCosmosRU:
		said = append(said, string(d.product)+" is not tested: its change streams keep a short history, so that clients that were away read anew more often")
	case mongoDB, atlas, ferretDB, elastic:
	}
	return said
}
