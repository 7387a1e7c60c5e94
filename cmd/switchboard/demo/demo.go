// Package demo fills an empty database with two workspaces to try the program
// on. Their histories are made by playing the real verbs.
package demo

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/cluster"
	"switchboard/inbox/commit"
	"switchboard/inbox/services"
	"switchboard/inbox/workspace"
)

// Workspaces are the ids of the demo workspaces.
func Workspaces() []workspace.WorkspaceID { return []workspace.WorkspaceID{"demo", "demo-free"} }

// Store is what the demo is made in.
type Store interface {
	services.Store
	cluster.DemoRecord
}

// Config holds the dependencies of the demo.
type Config struct {
	Store  Store
	Policy access.Authorizer
	// Again makes workspaces again that were made before and deleted since. Without it they
	// stay away, and Deleted is called with each.
	Again   bool
	Deleted func(workspace.WorkspaceID)
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
		directory     workspace.Directory
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
		made, err := c.make(ctx, s.directory)
		if err != nil {
			return fmt.Errorf("make the workspace %s: %w", s.directory.Workspace.ID, err)
		}
		if !made {
			c.Deleted(s.directory.Workspace.ID)
			total -= s.conversations
			continue
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
			c.report(done, total)
		}
	}
	return nil
}

// make makes the workspace unless it is there, and notes that it was made. It is false for
// one that was deleted since, unless Again is set.
func (c Config) make(ctx context.Context, d workspace.Directory) (bool, error) {
	ws := d.Workspace.ID
	made, err := c.Store.DemoMade(ctx)
	if err != nil {
		return false, err
	}
	if slices.Contains(made, ws) && !c.Again {
		_, err := c.Store.Directory(ctx, ws)
		if inbox.IsNotFound(err) {
			return false, nil
		}
		return err == nil, err
	}
	err = patiently(ctx, func() error { return c.Store.CreateWorkspace(ctx, d) })
	if err != nil && !errors.Is(err, commit.ErrDuplicateKey) {
		return false, err
	}
	return true, patiently(ctx, func() error { return c.Store.NoteDemo(ctx, ws) })
}

func (c Config) report(done, total int) {
	if c.Progress != nil {
		c.Progress(done, total)
	}
}

// player plays verbs in one workspace, with a clock of its own.
type player struct {
	service *services.Services
	store   services.Store
	// directories are read once a conversation.
	directories *remembered
	space       workspace.WorkspaceID
	script      []scenario
	now         time.Time
	end         time.Time
	random      *rand.Rand
	made        map[string]bool // the ids that this player gave to its present conversation
	// stable gives what is made the same ids each time; scene is the present conversation.
	stable bool
	scene  string
}

func newPlayer(c Config, d workspace.Directory) *player {
	p := &player{store: c.Store, directories: &remembered{store: c.Store}, space: d.Workspace.ID, end: c.Now, random: rand.New(rand.NewPCG(7, 11)), script: fullScript()}
	if len(d.Teams) == 1 {
		p.script = freeScript()
	}
	p.service = services.New(services.Config{
		Store: c.Store, Policy: c.Policy, Directories: p.directories, Pick: p.random.IntN,
		Now: func() time.Time { return p.now },
		NewID: func() string {
			id := c.NewID(p.now)
			if p.stable {
				id = stableID(p.space, p.scene, len(p.made))
			}
			p.made[id] = true
			return id
		},
	})
	return p
}
