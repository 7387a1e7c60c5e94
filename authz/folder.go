package authz

import (
	"context"
	"log/slog"
	"os"
	"sync/atomic"
	"time"
)

// lookEvery is how often a folder is read. Together with a second look, after which a
// change counts as complete, and the second in which streams look at their rights, a
// change is in effect within 2 seconds.
const lookEvery = 250 * time.Millisecond

// Folder keeps an Authorizer as new as a folder of policy files. A change is taken up
// once two looks in a row find the same, so that files that are being written are left
// alone. A policy with any mistake is refused as a whole: the one before stays in
// force.
type Folder struct {
	dir    string
	keeps  *Authorizer
	log    *slog.Logger
	taken  func()
	seen   fingerprint // of the policy that was taken up or refused last
	coming fingerprint // of the look before
	// refused and reloads are read by others.
	refused atomic.Bool
	reloads atomic.Uint64
}

// NewFolder follows dir, which the policy of a was loaded from, without looking at it
// yet. Taken is called after each change that was taken up, from the goroutine of Run.
func NewFolder(dir string, a *Authorizer, log *slog.Logger, taken func()) *Folder {
	at := a.current.Load().policy.read
	return &Folder{dir: dir, keeps: a, log: log, taken: taken, seen: at, coming: at}
}

// Run follows the folder until ctx ends.
func (f *Folder) Run(ctx context.Context) {
	ticks := time.NewTicker(lookEvery)
	defer ticks.Stop()
	for {
		select {
		case <-ticks.C:
			f.look()
		case <-ctx.Done():
			return
		}
	}
}

// Refused reports whether the folder holds a policy that cannot be used, so that an
// older one is in force.
func (f *Folder) Refused() bool { return f.refused.Load() }

// Reloads is how often a change was taken up.
func (f *Folder) Reloads() uint64 { return f.reloads.Load() }

func (f *Folder) look() {
	now := folder{files: os.DirFS(f.dir), name: f.dir}.fingerprint()
	settled := now == f.coming
	f.coming = now
	if !settled || now == f.seen {
		return
	}
	f.seen = now
	f.take()
}

// take loads the folder. What is written to it meanwhile is found by the next look.
func (f *Folder) take() {
	policy, err := LoadDir(f.dir)
	if err != nil {
		f.refused.Store(true)
		f.log.Error("the changed policy cannot be used; the one before stays in force", "dir", f.dir, "problems",
			len(Problems(err)), "error", err)
		return
	}
	f.refused.Store(false)
	f.seen = policy.read
	if policy.read == f.keeps.current.Load().policy.read {
		f.log.Info("the policy in force is in its folder again", "dir", f.dir)
		return
	}
	f.keeps.Replace(policy)
	f.reloads.Add(1)
	f.log.Info("a changed policy is in force", "dir", f.dir)
	f.taken()
}
