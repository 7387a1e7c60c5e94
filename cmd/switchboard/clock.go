package main

import (
	"context"
	"log/slog"
	"switchboard/store"
	"time"
)

// clockSlack is how far the newest stored change may be ahead of the clock without a
// warning: clocks of several servers are never equal.
const clockSlack = 5 * time.Second

// idsBehind makes ids that sort behind all that is stored, also when the clock was
// set back since, of which it warns.
func idsBehind(ctx context.Context, stored store.Engine, log *slog.Logger) (*ids, error) {
	newest, err := stored.NewestID(ctx)
	if err != nil {
		return nil, databaseFailure(err)
	}
	out, now := newIDs(), time.Now()
	if at := out.follow(newest); at.Sub(now) > clockSlack {
		log.Warn("the clock is behind the newest stored change: it was set back, or it was ahead before; times of new changes are earlier than those of old ones, their order is right",
			"clock", now.UTC(), "newest", at.UTC())
	}
	return out, nil
}
