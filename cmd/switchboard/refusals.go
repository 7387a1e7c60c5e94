package main

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"switchboard/auth"
	"switchboard/inbox"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/time/rate"
)

// Bounds on what is written of refusals: whoever is refused a thousand times
// must not fill the database, or push others out of the log.
const (
	refusalsPerSecond = 1 // of a workspace
	refusalsAtOnce    = 30
	refusalsWaiting   = 256
	refusalTime       = 5 * time.Second
)

// auditSignIn is a sign-in with a genuine token of somebody who is not, or no
// longer, part of the workspace.
const auditSignIn inbox.AuditAction = "sign_in"

// refusals writes into the audit log what callers were refused, behind their
// backs and within bounds.
type refusals struct {
	service *inbox.Service
	log     *slog.Logger
	queue   chan refusal
	dropped atomic.Uint64

	mu     sync.Mutex
	limits *simplelru.LRU[inbox.WorkspaceID, *rate.Limiter]
}

type refusal struct {
	who    inbox.Principal
	action inbox.AuditAction
	target inbox.AuditTarget
	code   inbox.Code
}

func newRefusals(service *inbox.Service, log *slog.Logger) *refusals {
	// The only error is of a size that is not positive.
	limits, _ := simplelru.NewLRU[inbox.WorkspaceID, *rate.Limiter](1000, nil)
	return &refusals{service: service, log: log, queue: make(chan refusal, refusalsWaiting), limits: limits}
}

// tell notes a refusal to be written, or drops it. It never waits.
func (r *refusals) tell(who inbox.Principal, action inbox.AuditAction, target inbox.AuditTarget, code inbox.Code) {
	if !r.allowed(who.Workspace) {
		r.dropped.Add(1)
		return
	}
	select {
	case r.queue <- refusal{who, action, target, code}:
	default:
		r.dropped.Add(1)
	}
}

func (r *refusals) allowed(ws inbox.WorkspaceID) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	limit, ok := r.limits.Get(ws)
	if !ok {
		limit = rate.NewLimiter(refusalsPerSecond, refusalsAtOnce)
		r.limits.Add(ws, limit)
	}
	return limit.Allow()
}

// run writes until ctx ends, and then what is left.
func (r *refusals) run(ctx context.Context) {
	for {
		select {
		case one := <-r.queue:
			r.write(ctx, one)
		case <-ctx.Done():
			for len(r.queue) > 0 {
				r.write(ctx, <-r.queue)
			}
			return
		}
	}
}

func (r *refusals) write(ctx context.Context, one refusal) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), refusalTime)
	defer cancel()
	if err := r.service.RecordRefusal(ctx, one.who, one.action, one.target, one.code); err != nil {
		r.dropped.Add(1)
		r.log.Warn("a refusal is not in the audit log", "action", one.action, "error", err)
	}
}

// signIn tells of a refused token, if it is genuine: then its workspace can be
// believed. Anybody can make up the rest. A contact whose token was revoked is no
// member who knocks, and its page comes back by itself: it would drown what matters.
func (r *refusals) signIn(ctx context.Context, who auth.Authenticator, token string) {
	if r == nil || inbox.IsAPIKey(token) {
		return
	}
	claims, err := who.Verifier.Verify(ctx, token)
	if err != nil || claims.Kind == inbox.ActorContact {
		return
	}
	if _, err := who.Directories.Directory(ctx, claims.Workspace); err != nil {
		return
	}
	r.tell(inbox.Principal{Workspace: claims.Workspace, Actor: inbox.Actor{Kind: claims.Kind, ID: claims.Subject}}, auditSignIn,
		inbox.AuditTarget{Kind: inbox.AuditWorkspace, ID: string(claims.Workspace)}, inbox.Unauthenticated)
}
