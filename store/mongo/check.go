package mongo

import (
	"context"
	"errors"
	"fmt"
	"net"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// The reasons of a SetupError.
var (
	// ErrBadURI is a connection string that cannot be read.
	ErrBadURI = errors.New("the MongoDB connection string cannot be read")
	// ErrUnreachable is a deployment that nobody answers for.
	ErrUnreachable = errors.New("MongoDB cannot be reached")
	// ErrRefused is a deployment that refuses the credentials.
	ErrRefused = errors.New("MongoDB refuses the credentials")
	// ErrStandalone is a server that is no replica set.
	ErrStandalone = errors.New("MongoDB runs as a standalone server")
)

// exampleURI is the example of every SetupError.
const exampleURI = "mongodb://user:password@host1:27017,host2:27017,host3:27017/switchboard?replicaSet=rs0"

// SetupError is something about the deployment or the settings that somebody
// has to mend. Its text holds no password.
type SetupError struct {
	// Reason is one of ErrBadURI, ErrUnreachable, ErrRefused and ErrStandalone.
	Reason error
	// Address is the host and port that were tried; empty when not known.
	Address string
	// Remedy says why the reason is a problem and how to solve it.
	Remedy string
	// Cause is the driver's error; nil if there is none.
	Cause error
}

// Error returns the problem, its reason and its remedy, with an example.
func (e *SetupError) Error() string {
	text := "store: " + e.Reason.Error()
	if e.Address != "" {
		text += " at " + e.Address
	}
	text += ". " + e.Remedy + " Example: " + exampleURI
	if e.Cause != nil {
		text += " (" + e.Cause.Error() + ")"
	}
	return text
}

// Unwrap gives the reason, the cause, and for a deployment that may be there in
// a moment the code UNAVAILABLE.
func (e *SetupError) Unwrap() []error {
	all := []error{e.Reason}
	if e.Cause != nil {
		all = append(all, e.Cause)
	}
	if errors.Is(e.Reason, ErrUnreachable) {
		all = append(all, temporarily())
	}
	return all
}

// badURI leaves out the driver's message, because it may quote the URI with its
// password. An unknown host name is reported.
func badURI(err error) error {
	var dns *net.DNSError
	if errors.As(err, &dns) {
		return &SetupError{Reason: ErrUnreachable, Address: dns.Name, Remedy: "Check the name and that names can be looked up here.", Cause: dns}
	}
	return &SetupError{Reason: ErrBadURI, Remedy: "It must begin with mongodb:// or mongodb+srv://, and special characters in user name and password must be percent-encoded."}
}

// Check asks the deployment whether it can be used now. UNAVAILABLE or a
// *SetupError when not.
func (s *Store) Check(ctx context.Context) error { return s.check(ctx, "") }

func (s *Store) check(ctx context.Context, address string) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	var hello struct {
		SetName string `bson:"setName"`
		Msg     string `bson:"msg"`
	}
	err := s.client.Database("admin").RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}).Decode(&hello)
	switch {
	case refusesLogin(err):
		return &SetupError{Reason: ErrRefused, Address: address, Remedy: "Check user name, password and authSource in the connection string.", Cause: err}
	case err != nil && passes(err):
		return &SetupError{Reason: ErrUnreachable, Address: address, Remedy: "Check that it runs, that the address is right and that no firewall is in between.", Cause: err}
	case err != nil:
		return fmt.Errorf("store: check the database: %w", err)
	case hello.SetName == "" && hello.Msg != "isdbgrid":
		return &SetupError{Reason: ErrStandalone, Address: address, Remedy: "Transactions and change streams need a replica set; " +
			"one member is enough: start mongod with --replSet rs0 and run rs.initiate() once."}
	}
	return nil
}
