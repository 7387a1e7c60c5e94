// Command switchboard serves a GraphQL API that answers for a support inbox who
// owns a conversation, and who hears about it at once.
//
// This package reads settings, ties the other packages together and ends them
// in order. It is the only one that knows all of them.
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
