package mongo

import (
	"errors"
	"strings"

	driver "go.mongodb.org/mongo-driver/v2/mongo"

	"switchboard/inbox"
)

// The error codes of MongoDB's servers that mean something here. Any other is a fault
// of the program: INTERNAL. testdata/codes.csv lists them all.
//
//nolint:gochecknoglobals // constant tables
var (
	// passingCodes are the answers of servers that start, stop, elect, move data, are
	// too busy, or ended the operation themselves: the same request may be sent again.
	passingCodes = []int{
		// No primary, no connection, or a server that starts or stops.
		6, 7, 63, 89, 91, 133, 145, 172, 189, 190, 199, 203, 216, 398, 9001, 9996, 10058, 10107, 11600, 11602, 13435, 13436, 56846,
		// The server ended the operation, or its cursor, in the middle.
		43, 175, 222, 234, 237, 279, 281, 282, 290, 314, 348, 355, 391, 442, 453, 11601, 46841, 91331, 10045600,
		// Out of time or of resources.
		50, 64, 202, 261, 262, 264, 365, 402, 407, 433, 449, 450, 462, 14031,
		// Another operation or transaction is in the way.
		24, 46, 107, 112, 117, 208, 215, 251, 267, 358, 363, 371, 412, 12586, 12587, 50915,
		// What a majority has is not known yet, or no longer.
		134, 239, 246,
		// The data moves between shards.
		150, 249, 250, 272, 319, 342, 343, 384, 406, 414, 13388,
	}
	// largeCodes refuse what is larger than a document, a key or a transaction may be.
	largeCodes = []int{257, 10334, 17280}
	// setupCodes refuse what the deployment or the user of the connection string may
	// not do at all.
	setupCodes = []int{13, authenticationFailed, 303, 376, 40573}
	// lostCodes say that the log no longer reaches back to a position.
	lostCodes = []int{136, 280, 286}
)

const (
	// codeWriteConflict is the server's error code for a write to a document that
	// another transaction has changed.
	codeWriteConflict = 112
	// authenticationFailed is the code for a login that the server refuses.
	authenticationFailed = 18
	// atlasError is the code of Atlas for what its proxies refuse: the login, if the
	// message says so, or what is over a limit.
	atlasError = 8000
)

// refusesLogin reports whether err is a login that the deployment refuses.
func refusesLogin(err error) bool {
	return hasCode(err, authenticationFailed) || hasCode(err, atlasError) && strings.Contains(err.Error(), "auth")
}

// overLimit reports whether err is a limit of Atlas that was reached.
func overLimit(err error) bool { return hasCode(err, atlasError) && !refusesLogin(err) }

// tooLarge is what callers receive whose input the database cannot hold.
func tooLarge() *inbox.Error {
	return &inbox.Error{
		Code:    inbox.InvalidInput,
		Message: "This is more than the database can hold in one document or write in one transaction. Send less at once.",
	}
}

func hasLabel(err error, label string) bool {
	var labeled driver.LabeledError
	return errors.As(err, &labeled) && labeled.HasErrorLabel(label)
}

func hasCode(err error, codes ...int) bool {
	var server driver.ServerError
	if !errors.As(err, &server) {
		return false
	}
	for _, code := range codes {
		if server.HasErrorCode(code) {
			return true
		}
	}
	return false
}

// answered reports whether err is an answer of a server, not the want of one.
func answered(err error) bool {
	var server driver.ServerError
	return errors.As(err, &server) && len(server.ErrorCodes()) > 0
}
