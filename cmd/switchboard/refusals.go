package main

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"switchboard/auth"
	"switchboard/inbox"
	"switchboard/inbox/audit"
	"switchboard/inbox/services"
	"switchboard/inbox/workspace"
)

// refusalTime bounds the write of one entry.
const refusalTime = 5 * time.Second

// auditSignIn is a sign-in with a genuine token of a person who is not, or no
// longer, part of the workspace.
const auditSignIn audit.AuditAction = "sign_in"

// refusals writes refused requests into the audit log, after their answer was sent
// and within bounds for each actor and action. It is safe for concurrent use.
type refusals struct {
	service *services.Services
	log     *slog.Logger
	now     func() time.Time
	wake    chan struct{}
	dropped atomic.Uint64 // that could not be written

	mu        sync.Mutex
	known     *tallies // of members, AI agents and API keys
	strangers *tallies
}

func newRefusals(service *services.Services, log *slog.Logger) *refusals {
	return &refusals{
		service: service, log: log, now: time.Now, wake: make(chan struct{}, 1),
		known: newTallies(false), strangers: newTallies(true),
	}
}

// report queues a refusal to be written or counted. It never waits.
func (r *refusals) report(who inbox.Principal, action audit.AuditAction, target audit.AuditTarget, code inbox.Code) {
	r.add(refusal{who, action, target, code, 1})
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

func (r *refusals) add(one refusal) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if one.stranger() {
		r.strangers.add(one, r.now())
		return
	}
	r.known.add(one, r.now())
}

// next returns the next refusal to write: those of strangers come after those of
// known actors.
func (r *refusals) next() (refusal, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if one, ok := r.known.next(); ok {
		return one, true
	}
	return r.strangers.next()
}

// settle returns the counts that are due, or all of them.
func (r *refusals) settle(all bool) []refusal {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	return append(r.known.settle(now, all), r.strangers.settle(now, all)...)
}

// run writes until ctx ends, and then the rest.
func (r *refusals) run(ctx context.Context) {
	tick := time.NewTicker(refusalWindow / 4)
	defer tick.Stop()
	for {
		select {
		case <-r.wake:
			r.writeAll(ctx, nil)
		case <-tick.C:
			r.writeAll(ctx, r.settle(false))
		case <-ctx.Done():
			r.finish(context.WithoutCancel(ctx))
			return
		}
	}
}

// finish writes everything that is left, in the time that one entry may take.
func (r *refusals) finish(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, refusalTime)
	defer cancel()
	r.writeAll(ctx, r.settle(true))
}

// writeAll writes the waiting refusals, and then the counts. If ctx ends before,
// the rest stays queued.
func (r *refusals) writeAll(ctx context.Context, counted []refusal) {
	for ctx.Err() == nil {
		one, ok := r.next()
		if !ok {
			break
		}
		r.write(ctx, one)
	}
	for _, one := range counted {
		if ctx.Err() != nil {
			r.add(one)
			continue
		}
		r.write(ctx, one)
	}
}

// write finishes an entry that it began, also if ctx ends.
func (r *refusals) write(ctx context.Context, one refusal) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), refusalTime)
	defer cancel()
	if err := r.service.Admin.RecordRefusal(ctx, one.principal, one.action, one.target, one.code, one.times); err != nil {
		r.dropped.Add(uint64(one.times))
		r.log.Warn("a refusal is not in the audit log", "action", one.action, "times", one.times, "error", err)
	}
}

// signIn reports a refused token if it is genuine: then its workspace can be
// believed. Anybody can invent the rest. A contact whose token was revoked is not
// reported: its page reconnects by itself, and would drown the refusals that
// matter.
func (r *refusals) signIn(ctx context.Context, who auth.Authenticator, token string) {
	if r == nil || workspace.IsAPIKey(token) {
		return
	}
	claims, err := who.Verifier.Verify(ctx, token)
	if err != nil || claims.Kind == workspace.ActorContact {
		return
	}
	if _, err := who.Directories.Directory(ctx, claims.Workspace); err != nil {
		return
	}
	r.report(inbox.Principal{Workspace: claims.Workspace, Actor: workspace.Actor{Kind: claims.Kind, ID: claims.Subject}}, auditSignIn,
		audit.AuditTarget{Kind: audit.AuditWorkspace, ID: string(claims.Workspace)}, inbox.Unauthenticated)
}
