// Package demo fills an empty database with two workspaces to try the program
// on. Their histories are made by playing the real verbs.
package demo

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"switchboard/inbox"
)

// Workspaces are the ids of the demo workspaces.
func Workspaces() []inbox.WorkspaceID { return []inbox.WorkspaceID{"demo", "demo-free"} }

// Config holds the dependencies of the demo.
type Config struct {
	Store  inbox.Store
	Policy inbox.Authorizer
	// Now is when the histories end.
	Now time.Time
	// NewID makes an id that sorts by the time given.
	NewID func(at time.Time) string
	// Progress receives how much is done; nil for no reports.
	Progress func(done, total int)
}

// Seed creates the missing parts of the demo. It may be run again after an
// interruption, and by several processes at once, which share the work.
func Seed(ctx context.Context, c Config) error {
	plans := c.Policy.Plans()
	free, top := plans[0].Name, plans[len(plans)-1].Name
	spaces := []struct {
		directory     inbox.Directory
		conversations int
	}{
		{Big(top), 200},
		{Small(free), 12},
	}
	total, done := 0, 0
	for _, s := range spaces {
		total += s.conversations
	}
	for _, s := range spaces {
		err := patiently(ctx, func() error { return c.Store.CreateWorkspace(ctx, s.directory) })
		if err != nil && !errors.Is(err, inbox.ErrDuplicateKey) {
			return fmt.Errorf("make the workspace %s: %w", s.directory.Workspace.ID, err)
		}
		// A workspace that was made by an earlier version has no key yet.
		if _, err := Connect(ctx, c.Store, Website(s.directory.Workspace.ID), c.NewID(c.Now), c.Now); err != nil {
			return err
		}
		p := newPlayer(c, s.directory)
		for i := range s.conversations {
			if err := p.play(ctx, i); err != nil {
				return fmt.Errorf("play conversation %d of %s: %w", i, s.directory.Workspace.ID, err)
			}
			done++
			c.tell(done, total)
		}
	}
	return nil
}

func (c Config) tell(done, total int) {
	if c.Progress != nil {
		c.Progress(done, total)
	}
}

// player plays verbs in one workspace, with a clock of its own.
type player struct {
	service *inbox.Service
	store   inbox.Store
	space   inbox.WorkspaceID
	script  []scenario
	now     time.Time
	end     time.Time
	random  *rand.Rand
	made    map[string]bool // the ids that this player gave to its present conversation
}

func newPlayer(c Config, d inbox.Directory) *player {
	p := &player{store: c.Store, space: d.Workspace.ID, end: c.Now, random: rand.New(rand.NewPCG(7, 11)), script: fullScript()}
	if len(d.Teams) == 1 {
		p.script = freeScript()
	}
	p.service = inbox.NewService(inbox.Config{
		Store: c.Store, Policy: c.Policy, Directories: stored{c.Store}, Pick: p.random.IntN,
		Now: func() time.Time { return p.now },
		NewID: func() string {
			id := c.NewID(p.now)
			p.made[id] = true
			return id
		},
	})
	return p
}

// stored gives directories from the store, without a memory.
type stored struct{ store inbox.Store }

var _ inbox.Directories = stored{}

// Directory loads the workspace. Conversations that were left in last week's
// history can still be claimed when somebody looks at them, although the time of
// rule leftWaits is long over.
func (s stored) Directory(ctx context.Context, ws inbox.WorkspaceID) (*inbox.Directory, error) {
	d, err := s.store.Directory(ctx, ws)
	if err != nil {
		return nil, err
	}
	w := d.Workspace
	w.Rules.LeftWaits = 0
	w.Rev++
	return d.With(inbox.DirectoryChange{Workspace: &w}), nil
}

// Applied has nothing to forget.
func (stored) Applied(inbox.WorkspaceID, inbox.DirectoryChange) {}
