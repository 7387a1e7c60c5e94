// Command switchboard serves a GraphQL API for a support inbox: which member owns
// each conversation, with live updates to everybody concerned.
//
// This package reads settings, connects the other packages and ends them in order.
// It is the only one that imports all of them.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // time zones, where the machine has none
)

func main() {
	surviveLimits()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Environ(), os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
