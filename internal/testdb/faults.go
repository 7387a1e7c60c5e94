package testdb

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
)

// faults are what can be asked of a deployment by its own commands. The methods fail
// the test if they do not succeed, and may be called from any goroutine of it.
type faults struct {
	t   testing.TB
	uri func() string
}

// refusals are the codes by which deployments refuse a command for good: the user may
// not send it (13), it is not known (59), not supported (115), of no use without a
// replica set (76), or not for customers (8000).
func refusals() []int { return []int{13, 59, 76, 115, 8000} }

// isRefused reports whether the deployment never does what the command asks for.
func isRefused(err error) bool {
	var answer driver.ServerError
	return errors.As(err, &answer) && slices.ContainsFunc(refusals(), answer.HasErrorCode)
}

// StepDown makes the primary refuse writes for so long, in whole seconds and at least
// two: it is no longer primary, and another member may be elected. It is false, and
// nothing happened, where the deployment knows or permits no step-down.
func (f faults) StepDown(ctx context.Context, long time.Duration) bool {
	f.t.Helper()
	seconds := int(long.Seconds())
	err := command(ctx, f.uri(), bson.D{
		{Key: "replSetStepDown", Value: seconds}, {Key: "secondaryCatchUpPeriodSecs", Value: seconds / 2}, {Key: "force", Value: true},
	})
	if isRefused(err) {
		return false
	}
	if !driver.IsNetworkError(err) { // one that steps down may hang up
		f.must("step down", err)
	}
	return true
}

// A Failure is the response of the commands that FailCommand names.
type Failure struct {
	// Commands are their names, such as "commitTransaction" or "getMore".
	Commands []string
	// Times is how many of them fail; 0 is every one until Heal.
	Times int
	// ErrorCode is the server's answer, such as 112 for a write conflict.
	ErrorCode int32
	// ErrorLabels go with it, such as "TransientTransactionError".
	ErrorLabels []string
	// CloseConnection hangs up in place of an answer.
	CloseConnection bool
}

// FailCommand makes the server fail the commands from now on, in place of any
// failure asked for before.
func (f faults) FailCommand(ctx context.Context, wanted Failure) {
	f.t.Helper()
	var mode any = "alwaysOn"
	if wanted.Times > 0 {
		mode = bson.D{{Key: "times", Value: wanted.Times}}
	}
	data := bson.D{{Key: "failCommands", Value: wanted.Commands}}
	if wanted.CloseConnection {
		data = append(data, bson.E{Key: "closeConnection", Value: true})
	}
	if wanted.ErrorCode != 0 {
		data = append(data, bson.E{Key: "errorCode", Value: wanted.ErrorCode})
	}
	if len(wanted.ErrorLabels) > 0 {
		data = append(data, bson.E{Key: "errorLabels", Value: wanted.ErrorLabels})
	}
	f.failPoint(ctx, mode, data)
}

// KnowsFailCommand reports whether the server can make commands fail, and permits it:
// not every version can, and MongoDB does it where enableTestCommands is set.
func (f faults) KnowsFailCommand(ctx context.Context) bool {
	f.t.Helper()
	err := f.setFailPoint(ctx, "off", bson.D{})
	if isRefused(err) {
		return false
	}
	f.must("ask for its fail point", err)
	return true
}

// Heal ends the failures of FailCommand.
func (f faults) Heal(ctx context.Context) {
	f.t.Helper()
	f.failPoint(ctx, "off", bson.D{})
}

func (f faults) failPoint(ctx context.Context, mode any, data bson.D) {
	f.t.Helper()
	f.must("configure its fail point", f.setFailPoint(ctx, mode, data))
}

func (f faults) setFailPoint(ctx context.Context, mode any, data bson.D) error {
	return command(ctx, f.uri(), bson.D{
		{Key: "configureFailPoint", Value: "failCommand"},
		{Key: "mode", Value: mode},
		{Key: "data", Value: data},
	})
}

// must reports without ending the goroutine, which may not be the test's own.
func (f faults) must(what string, err error) {
	f.t.Helper()
	if err != nil {
		f.t.Errorf("database server: could not %s: %v", what, err)
	}
}
