package main

import (
	"context"
	"log/slog"
	"time"

	"switchboard/authz"
	"switchboard/metrics"
)

// policyFollower takes up changes of the policy's folder while the server runs.
type policyFollower struct {
	folder *authz.Folder
	// changed has room for one change: a review covers all that came before it.
	changed chan struct{}
	review  func(context.Context) error
	log     *slog.Logger
}

// reviewAgain is when owners are reviewed a second time after a change: a commit that
// was under way, or a server that had not taken up the change, may have given a
// conversation to a member who may own none any more.
const reviewAgain = time.Minute

// followPolicy follows dir for policy; nil for a preset, which never changes. Renew has
// everybody judged anew. Review
// takes conversations from members who may no longer own them.
func followPolicy(dir string, policy *authz.Authorizer, renew func(),
	review func(context.Context) error, log *slog.Logger) *policyFollower {
	if dir == "" {
		return nil
	}
	f := &policyFollower{changed: make(chan struct{}, 1), review: review, log: log}
	f.folder = authz.NewFolder(dir, policy, log, func() {
		renew()
		select {
		case f.changed <- struct{}{}:
		default:
		}
	})
	return f
}

// run follows the folder until ctx ends.
func (f *policyFollower) run(ctx context.Context) {
	done := make(chan struct{})
	go func() { defer close(done); f.folder.Run(ctx) }()
	defer func() { <-done }()
	var again <-chan time.Time
	for {
		select {
		case <-f.changed:
			again = time.After(reviewAgain)
		case <-again:
			again = nil
		case <-ctx.Done():
			return
		}
		if err := f.review(ctx); err != nil && ctx.Err() == nil {
			f.log.Warn("owners could not be reviewed by the new policy; it is tried again within an hour", "error", err)
		}
	}
}

// metrics are zero for a preset.
func (f *policyFollower) metrics() []metrics.Metric {
	refused, reloads := func() float64 { return 0 }, func() float64 { return 0 }
	if f != nil {
		refused = func() float64 { return oneIf(f.folder.Refused()) }
		reloads = func() float64 { return float64(f.folder.Reloads()) }
	}
	return []metrics.Metric{
		{Name: "switchboard_policy_refused", Help: "1 while the folder of --policy-dir cannot be used, and an older policy is in force.", Read: refused},
		{Name: "switchboard_policy_reloads_total", Help: "Times a changed policy was taken up from its folder.",
			Counts: true, Read: reloads},
	}
}
