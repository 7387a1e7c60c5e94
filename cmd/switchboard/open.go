package main

import (
	"context"
	"errors"
	"log/slog"

	"switchboard/authz"
	"switchboard/store"
)

// openMigrated opens the configured database and makes missing indexes and
// documents.
func openMigrated(ctx context.Context, s storeSettings, log *slog.Logger, t *tracing) (store.Engine, error) {
	opened, err := openTraced(ctx, s, log, t)
	if err != nil {
		return nil, err
	}
	err = prepare(ctx, opened)
	if err == nil {
		_, err = opened.Secret(ctx) // commands beside a server only read it
	}
	if err != nil {
		return nil, errors.Join(databaseFailure(err), opened.Close(context.WithoutCancel(ctx)))
	}
	return opened, nil
}

// openPolicy loads the policy that the settings name.
func openPolicy(s policySettings) (*authz.Authorizer, error) {
	load := func() (*authz.Policy, error) { return authz.Preset(s.PolicyPreset) }
	if s.PolicyDir != "" {
		load = func() (*authz.Policy, error) { return authz.LoadDir(s.PolicyDir) }
	}
	policy, err := load()
	if err != nil {
		return nil, fail(exitPolicyInvalid, err)
	}
	return authz.New(policy), nil
}

// closeLogged closes at the end of a command, when an error can only be logged.
func closeLogged(ctx context.Context, log *slog.Logger, what string, closing func(context.Context) error) {
	if err := closing(ctx); err != nil {
		log.Warn("not closed cleanly", "what", what, "error", err)
	}
}
