package mongo

import (
	"context"
	"errors"
	"net"
	"slices"
	"switchboard/inbox"
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
	// ErrUnsuitable is a product that speaks MongoDB's protocol and lacks what is needed.
	ErrUnsuitable = errors.New("this database cannot be used")
	// ErrNoChangeStreams is a deployment, or a user, that may not open change streams.
	ErrNoChangeStreams = errors.New("the database refuses change streams")
	// ErrNoTransactions is a deployment, or a user, that may not commit transactions.
	ErrNoTransactions = errors.New("the database refuses transactions")
	// ErrNewer is a database that a newer release of the program migrated.
	ErrNewer = errors.New("the database belongs to a newer release")
	// ErrNotMigrated is a database with data whose indexes are not those of this program.
	ErrNotMigrated = errors.New("the database is not migrated")
)

// exampleURI is the example for reasons that another connection string solves.
const exampleURI = "mongodb://user:password@host1:27017,host2:27017,host3:27017/switchboard?replicaSet=rs0"

// SetupError is something about the deployment or the settings that somebody
// has to mend. Its text holds no password.
type SetupError struct {
	// Reason is one of the reasons above.
	Reason error
	// Address is the host and port that were tried; empty when not known.
	Address string
	// Remedy says why the reason is a problem and how to solve it.
	Remedy string
	// Cause is the driver's error; nil if there is none.
	Cause error
}

// Error returns the problem, its reason and its remedy, with an example where that
// helps.
func (e *SetupError) Error() string {
	text := "store: " + e.Reason.Error()
	if e.Address != "" {
		text += " at " + e.Address
	}
	text += ". " + e.Remedy
	if e.aboutURI() {
		text += " Example: " + exampleURI
	}
	if e.Cause != nil {
		text += " (" + e.Cause.Error() + ")"
	}
	return text
}

func (e *SetupError) aboutURI() bool {
	return slices.Contains([]error{ErrBadURI, ErrUnreachable, ErrRefused, ErrStandalone, ErrUnsuitable}, e.Reason)
}

// Unwrap gives the reason, the cause, and for a deployment that may be there in
// a moment the code UNAVAILABLE.
func (e *SetupError) Unwrap() []error {
	all := []error{e.Reason}
	if e.Cause != nil {
		all = append(all, e.Cause)
	}
	if errors.Is(e.Reason, ErrUnreachable) {
		all = append(all, &inbox.Error{Code: inbox.Unavailable, Message: temporarily})
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
	return &SetupError{Reason: ErrBadURI, Remedy: "It must begin with mongodb:// or mongodb+srv://, " +
		"and special characters in user name and password must be percent-encoded."}
}

// Check asks the deployment whether it can be used now. UNAVAILABLE or a
// *SetupError when not.
func (s *Store) Check(ctx context.Context) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	_, err := s.look(ctx, "")
	return err
}
