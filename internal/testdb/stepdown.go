package testdb

import (
	"context"
	"errors"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
)

// commandNotFound is a server's answer to a command that it does not know.
const commandNotFound = 59

// StepDown makes the server refuse writes for so long, in whole seconds, as a
// member of a replica set that lost an election does. It is false, and nothing
// happened, where the server knows no step-down.
func (s *Server) StepDown(ctx context.Context, long time.Duration) bool {
	s.t.Helper()
	err := command(ctx, s.URI(), bson.D{{Key: "replSetStepDown", Value: int(long.Seconds())}, {Key: "force", Value: true}})
	if isUnknown(err) {
		return false
	}
	if !driver.IsNetworkError(err) { // one that steps down may hang up
		s.must("step down", err)
	}
	return true
}

// isUnknown reports whether the server does not know the command.
func isUnknown(err error) bool {
	var answer driver.ServerError
	return errors.As(err, &answer) && answer.HasErrorCode(commandNotFound)
}
