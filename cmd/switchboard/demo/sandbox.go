package demo

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/oklog/ulid/v2"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// settles is how long servers take to refuse the callers of a sandbox that is put back, and
// what they began before to be written.
const settles = 3 * time.Second

// Sandbox is the directory of a new sandbox, which looks like the workspace demo. It is
// empty until Reset has played its conversations.
func Sandbox(id workspace.WorkspaceID, name string, plan workspace.PlanName, now time.Time) workspace.Directory {
	d := like(id, name, plan)
	d.Workspace.Sandbox, d.Workspace.ResettingSince = true, now
	return d
}

// like is the demo under another id.
func like(id workspace.WorkspaceID, name string, plan workspace.PlanName) workspace.Directory {
	d := directory(id, name, plan, []string{"support", "sales", "billing"}, []string{"ai", "ai2"}, staff())
	d.Workspace.Demo = false
	return d
}

// Emptier is what a reset does beside playing.
type Emptier interface {
	// EmptyWorkspace is store.Engine, which says what it does.
	EmptyWorkspace(ctx context.Context, ws workspace.WorkspaceID) (removed int, err error)
}

// Reset puts back a sandbox whose reset began: it removes what was said and done, gives
// those who were in it at first their beginning, and plays the conversations, which have
// the same ids each time. Whoever else was added stays, and API keys stay as they are. One
// that was interrupted is begun again. It does nothing for a workspace that is not being
// put back.
func Reset(ctx context.Context, c Config, e Emptier, ws workspace.WorkspaceID) error {
	d, err := c.Store.Directory(ctx, ws)
	if err != nil || !d.Workspace.Resetting() || !d.Workspace.Sandbox {
		return err
	}
	if wait := settles - c.Now.Sub(d.Workspace.ResettingSince); wait > 0 {
		return inbox.Resetting() // the duty comes again
	}
	for removed := 1; removed > 0; {
		if removed, err = e.EmptyWorkspace(ctx, ws); err != nil {
			return fmt.Errorf("empty the sandbox %s: %w", ws, err)
		}
	}
	plans := c.Policy.Plans()
	template := like(ws, d.Workspace.Name, plans[len(plans)-1].Name)
	if err := c.restore(ctx, *d, template); err != nil {
		return fmt.Errorf("restore the people of the sandbox %s: %w", ws, err)
	}
	p := newPlayer(c, template)
	p.stable = true
	for i := range sandboxConversations {
		if err := p.play(ctx, i); err != nil {
			return fmt.Errorf("play conversation %d of %s: %w", i, ws, err)
		}
	}
	return c.finish(ctx, ws)
}

// sandboxConversations is how many conversations a sandbox begins with.
const sandboxConversations = 60

// restore gives the workspace and those of the template their beginning.
func (c Config) restore(ctx context.Context, now, template workspace.Directory) error {
	w := now.Workspace
	w.Plan, w.TimeZone, w.Rules, w.OffboardingSince = template.Workspace.Plan, template.Workspace.TimeZone, template.Workspace.Rules, time.Time{}
	changes := []workspace.DirectoryChange{{Workspace: &w}}
	for id, m := range template.Members {
		m.Subject, m.Rev = now.Members[id].Subject, now.Members[id].Rev
		changes = append(changes, workspace.DirectoryChange{Member: &m})
	}
	for id, t := range template.Teams {
		t.Rev = now.Teams[id].Rev
		changes = append(changes, workspace.DirectoryChange{Team: &t})
	}
	for id, a := range template.Agents {
		a.Subject, a.Rev = now.Agents[id].Subject, now.Agents[id].Rev
		changes = append(changes, workspace.DirectoryChange{Agent: &a})
	}
	for _, change := range changes {
		if err := c.save(ctx, w.ID, change, c.Now); err != nil {
			return err
		}
	}
	return nil
}

// finish lets the sandbox be served again.
func (c Config) finish(ctx context.Context, ws workspace.WorkspaceID) error {
	d, err := c.Store.Directory(ctx, ws)
	if err != nil {
		return err
	}
	w := d.Workspace
	w.ResettingSince, w.ResetAt = time.Time{}, c.Now
	return c.save(ctx, ws, workspace.DirectoryChange{Workspace: &w}, c.Now)
}

// save writes an entity with its next revision.
func (c Config) save(ctx context.Context, ws workspace.WorkspaceID, change workspace.DirectoryChange, at time.Time) error {
	switch {
	case change.Workspace != nil:
		change.Workspace.Rev++
	case change.Member != nil:
		change.Member.Rev++
	case change.Team != nil:
		change.Team.Rev++
	case change.Agent != nil:
		change.Agent.Rev++
	default:
		return errors.New("demo: nothing to save")
	}
	return patiently(ctx, func() error {
		return c.Store.SaveDirectory(ctx, inbox.Event{
			ID: inbox.EventID(c.NewID(at)), Workspace: ws, Type: inbox.DirectoryEvent, Actor: workspace.System(), At: at, Directory: &change,
		})
	})
}

// stableID is the id of the nth thing that is made in a scene of a workspace.
func stableID(ws workspace.WorkspaceID, scene string, n int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s/%s/%d", ws, scene, n))
	var id ulid.ULID
	copy(id[:], sum[:])
	_ = id.SetTime(ulid.Timestamp(time.Date(2026, 1, 1, 0, 0, n, 0, time.UTC))) // within what fits
	return id.String()
}
