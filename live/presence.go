package live

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"switchboard/inbox/cluster"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

const (
	// heartbeatInterval is how often a server shows that it lives.
	heartbeatInterval = 3 * time.Second
	// unregisterTime bounds what a server that ends still writes.
	unregisterTime = 2 * time.Second
)

// Presence knows which members are connected to this server, and writes it where
// all servers see it: when a member's first connection comes, and when the last
// one goes. B:P1.
type Presence struct {
	store cluster.Presences
	back  Returning
	newID func() string
	log   *slog.Logger
	wake  chan struct{} // of one, so that reporting never waits

	mu      sync.Mutex
	members map[memberKey]*connectionState

	server string // this server's name among all; only Run uses it
	down   bool
}

type memberKey struct {
	workspace workspace.WorkspaceID
	member    workspace.MemberID
}

// connectionState is how many connections a member has here.
type connectionState struct {
	open   int
	lostAt time.Time // while there is none
	// written says that the store knows.
	written bool
}

// Returning is told, again and again, of each member who is connected here, so that
// it can give back what a lost connection took. justCame says that the member has just
// connected, or that this server has just begun to say so. Otherwise it must be cheap when
// there is nothing to do.
type Returning func(ctx context.Context, ws workspace.WorkspaceID, m workspace.MemberID, justCame bool) error

// NewPresence makes a Presence of nobody. newID names this server, anew each
// time that others took it for dead.
func NewPresence(store cluster.Presences, back Returning, newID func() string, log *slog.Logger) *Presence {
	return &Presence{store: store, back: back, newID: newID, log: log, wake: make(chan struct{}, 1), members: map[memberKey]*connectionState{}}
}

// Connected says that the member has one more connection here, until left is
// called.
func (p *Presence) Connected(ws workspace.WorkspaceID, m workspace.MemberID) (left func()) {
	who := memberKey{ws, m}
	p.change(who, 1)
	return sync.OnceFunc(func() { p.change(who, -1) })
}

func (p *Presence) change(who memberKey, by int) {
	p.mu.Lock()
	a := p.members[who]
	if a == nil {
		a = &connectionState{}
		p.members[who] = a
	}
	before := a.open
	a.open += by
	if a.open == 0 {
		a.lostAt = time.Now().UTC().Truncate(time.Millisecond)
	}
	edge := before == 0 || a.open == 0
	if edge {
		a.written = false
	}
	p.mu.Unlock()
	if edge {
		p.flushAgain()
	}
}

// Run writes what changes, and shows that this server lives, until ctx ends. Then
// it says that all connections are gone: close them before. Call it once.
func (p *Presence) Run(ctx context.Context) {
	beat := time.NewTicker(heartbeatInterval)
	defer beat.Stop()
	p.register(ctx)
	for ctx.Err() == nil {
		p.flush(ctx, beat.C)
		select {
		case <-p.wake:
		case <-beat.C:
			p.heartbeat(ctx)
		case <-ctx.Done():
		}
	}
	p.unregister(ctx)
}

// register begins under a new name, under which nothing was written yet.
func (p *Presence) register(ctx context.Context) {
	server := p.newID()
	if p.failed(ctx, p.store.ServerHeartbeat(ctx, server, true)) {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.server = server
	for _, a := range p.members {
		a.written = false
	}
}

// heartbeat beats. Who was taken for dead, because the database was away for long,
// begins again.
func (p *Presence) heartbeat(ctx context.Context) {
	if p.server == "" {
		p.register(ctx)
		return
	}
	err := p.store.ServerHeartbeat(ctx, p.server, false)
	if errors.Is(err, commit.ErrStale) {
		p.register(ctx)
		return
	}
	p.failed(ctx, err)
}

// flush writes whatever the store does not know yet, and beats when that is due: it may be
// about thousands who connect again. What fails is written with the next beat.
func (p *Presence) flush(ctx context.Context, due <-chan time.Time) {
	if p.server == "" {
		return
	}
	came := map[memberKey]bool{}
	for _, one := range p.unwritten() {
		if !p.lives(ctx, due) || p.failed(ctx, p.store.SavePresence(ctx, one)) {
			return
		}
		p.markWritten(one)
		came[memberKey{one.Workspace, one.Member}] = one.LostAt.IsZero()
	}
	for _, who := range p.connectedMembers() {
		if !p.lives(ctx, due) || p.failed(ctx, p.back(ctx, who.workspace, who.member, came[who])) {
			return
		}
	}
}

// lives beats if that is due. It is false if the server began again under a new name, under
// which nothing is written yet.
func (p *Presence) lives(ctx context.Context, due <-chan time.Time) bool {
	select {
	case <-due:
	default:
		return true
	}
	before := p.server
	p.heartbeat(ctx)
	if p.server != before {
		p.flushAgain()
	}
	return p.server == before
}

func (p *Presence) flushAgain() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// connectedMembers are the members who are connected to this server.
func (p *Presence) connectedMembers() (out []memberKey) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for who, a := range p.members {
		if a.open > 0 {
			out = append(out, who)
		}
	}
	return out
}

func (p *Presence) unwritten() []cluster.Presence {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []cluster.Presence
	for who, a := range p.members {
		if !a.written {
			out = append(out, cluster.Presence{Workspace: who.workspace, Member: who.member, Server: p.server, LostAt: a.lost()})
		}
	}
	return out
}

func (a *connectionState) lost() time.Time {
	if a.open > 0 {
		return time.Time{}
	}
	return a.lostAt
}

// markWritten remembers that the store knows, unless it changed meanwhile.
func (p *Presence) markWritten(one cluster.Presence) {
	p.mu.Lock()
	defer p.mu.Unlock()
	who := memberKey{one.Workspace, one.Member}
	a := p.members[who]
	if a == nil || !a.lost().Equal(one.LostAt) {
		return
	}
	a.written = true
	if a.open == 0 {
		delete(p.members, who)
	}
}

// unregister says that the server ends, also when ctx has ended. Whatever there is to write,
// half of the time is left to say so: otherwise others find out much later.
func (p *Presence) unregister(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), unregisterTime)
	defer cancel()
	if p.server == "" {
		return
	}
	half, stop := context.WithTimeout(ctx, unregisterTime/2)
	p.flush(half, nil)
	stop()
	beats, err := p.store.Servers(ctx)
	if err == nil {
		err = p.store.ExpireServer(ctx, p.server, beats[p.server], time.Now().UTC().Truncate(time.Millisecond))
	}
	if err != nil {
		p.log.Debug("this server did not say that it ends, and will be found out", slog.Any("error", err))
	}
}

// failed logs the first of several errors in a row.
func (p *Presence) failed(ctx context.Context, err error) bool {
	if err != nil && !p.down && ctx.Err() == nil {
		p.log.Warn("who is connected cannot be written", slog.Any("error", err))
	}
	p.down = err != nil
	return err != nil
}
