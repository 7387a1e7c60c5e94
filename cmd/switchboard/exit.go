package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"syscall"
	"text/tabwriter"

	"switchboard/inbox"
)

// exitCode is the exit status of the process.
type exitCode int

// The exit codes; exitCodes describes each.
const (
	exitOK exitCode = iota
	exitInternal
	exitUsage
	exitDatabaseUnreachable
	exitDatabaseUnsuitable
	exitPolicyInvalid
	exitAddressInUse
	exitRefused
	exitInterrupted
	exitNotReady
)

// exitCodes is the table that "switchboard help" prints.
func exitCodes() []struct {
	Code    exitCode
	Meaning string
} {
	return []struct {
		Code    exitCode
		Meaning string
	}{
		{exitOK, "done, or a server that was ended by a signal, after everything was closed"},
		{exitInternal, "a fault of the program itself"},
		{exitUsage, "a flag or a setting is wrong; the message says which one and gives an example"},
		{exitDatabaseUnreachable, "the database does not answer"},
		{exitDatabaseUnsuitable, "the database answers but cannot be used, such as a MongoDB that is no replica set"},
		{exitPolicyInvalid, "the policy cannot be used, or does not decide as its tests say; the message names file and line"},
		{exitAddressInUse, "the address to listen on is taken by another program"},
		{exitRefused, "the request is not allowed or names something that does not exist, such as a token outside a demo workspace"},
		{exitInterrupted, "ended by a signal before it was done; the same command may be given again"},
		{exitNotReady, "the server that was asked does not answer, or is not ready for work"},
	}
}

// failure is an error that knows its exit code.
type failure struct {
	code exitCode
	err  error
}

// Error returns the message of the cause, which names the remedy.
func (f *failure) Error() string { return f.err.Error() }

// Unwrap gives the cause.
func (f *failure) Unwrap() error { return f.err }

// fail ties err to an exit code; nil stays nil.
func fail(code exitCode, err error) error {
	if err == nil {
		return nil
	}
	return &failure{code: code, err: err}
}

// refuse makes an error with the code exitRefused.
func refuse(format string, args ...any) error {
	return fail(exitRefused, fmt.Errorf(format, args...))
}

// exitOf returns the exit code of err: that of the outermost failure in its chain,
// or one that follows from the cause.
func exitOf(err error) exitCode {
	var known *failure
	var settings settingErrors
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &known):
		return known.code
	case errors.As(err, &settings):
		return exitUsage
	case errors.Is(err, syscall.EADDRINUSE):
		return exitAddressInUse
	case errors.Is(err, context.Canceled):
		return exitInterrupted
	case inbox.CodeOf(err) == inbox.Unavailable:
		return exitDatabaseUnreachable
	default:
		return exitInternal
	}
}

func printExitCodes(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "Exit codes:")
	for _, row := range exitCodes() {
		fmt.Fprintf(table, "  %d\t%s\n", row.Code, row.Meaning)
	}
	return table.Flush()
}
