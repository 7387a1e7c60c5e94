package mongo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
	"switchboard/store/document"
	"switchboard/store/writequeue"
)

// MongoDB refuses a transaction that writes a document which another one has written
// since the first began, whether or not that one is committed. Commits that would meet on
// this server therefore wait for each other, and are written together where they can be.
const (
	// commitsWaiting, callersWaiting and longestWait bound those who wait for one
	// conversation, member, rotation or contact.
	commitsWaiting = 256
	callersWaiting = 128
	longestWait    = 15 * time.Second
	// commitsTogether bounds the changes of one transaction.
	commitsTogether = 32
	// commitsEach bounds those of one transaction of CommitEach.
	commitsEach = 100
)

// committer writes changes of conversations.
type committer struct {
	store *Store
	queue *writequeue.Queue[[]*pending]
}

// pending is a change on its way, and what became of it.
type pending struct {
	change commit.Change
	event  inbox.Event // as it is stored
	err    error
}

func newCommitter(s *Store) *committer {
	c := &committer{store: s}
	c.queue = writequeue.New(writequeue.Limits{
		PerDocument: commitsWaiting, PerCaller: callersWaiting, PerBatch: commitsTogether, Wait: longestWait,
	}, c.run)
	return c
}

// commit writes all, which is one change, or several that can be written together, and
// returns what became of each.
func (c *committer) commit(ctx context.Context, all ...*pending) []*pending {
	if c.store.uncoordinated {
		_ = c.run(ctx, [][]*pending{all})
		return all
	}
	err := c.queue.Do(ctx, jobOf(all), all)
	var full *writequeue.Full
	switch {
	case errors.As(err, &full):
		err = commit.Crowded(full.RetryAfter)
	case errors.Is(err, writequeue.ErrBusy):
		err = commit.ErrStale
	}
	if errors.Is(err, writequeue.ErrLeft) { // others of the transaction go on with all
		return left(all, err)
	}
	for _, p := range all {
		p.err = cmp.Or(p.err, err)
	}
	return all
}

// left is what a caller knows of changes that it does not wait for.
func left(all []*pending, err error) []*pending {
	out := make([]*pending, 0, len(all))
	for _, p := range all {
		out = append(out, &pending{change: p.change, err: err})
	}
	return out
}

// jobOf says which documents the changes write that others write as well.
func jobOf(all []*pending) writequeue.Job {
	job := writequeue.Job{Alone: len(all) > 1}
	for _, p := range all {
		c, ws := p.change, p.change.Conversation.Workspace
		job.Caller = fmt.Sprint(ws, "/", c.Event.Actor.Kind, "/", c.Event.Actor.ID)
		job.Alone = job.Alone || !joins(c)
		job.Yields = c.Yields && len(all) == 1
		for _, id := range []string{string(unlessNew(c)), string(c.Continues)} {
			if id != "" {
				job.Own = append(job.Own, "conversation/"+id)
			}
		}
		if c.Known != nil {
			job.Own = append(job.Own, "contact/"+string(c.Known.ID))
		}
		for _, l := range c.Loads {
			job.Shared = append(job.Shared, loadKey(ws, l.Member))
		}
		for _, id := range digestsOf(c) {
			job.Shared = append(job.Shared, "digest/"+string(id))
		}
		job.Placed = c.Placed
		if c.Rotation != nil {
			job.Sequence = "rotation/" + document.RotationID(ws, c.Rotation.Team)
			job.Shared = append(job.Shared, job.Sequence)
		}
	}
	return job
}

func unlessNew(c commit.Change) inbox.ConversationID {
	if c.Create {
		return ""
	}
	return c.Conversation.ID
}

func loadKey(ws workspace.WorkspaceID, m workspace.MemberID) string {
	return "load/" + document.LoadID(ws, m)
}

// joins reports whether a change writes nothing but its conversation, loads, rotation
// and event, so that it can share a transaction with others.
func joins(c commit.Change) bool {
	more := c.Create || c.Contact != nil || c.Known != nil || c.Contacts != nil || c.Audit != nil
	return !more && c.Event.Type == inbox.OwnershipEvent
}

// run writes one batch of the queue.
func (c *committer) run(ctx context.Context, batch [][]*pending) []error {
	var all []*pending
	for _, some := range batch {
		all = append(all, some...)
	}
	c.together(ctx, all)
	errs := make([]error, len(batch))
	for i, some := range batch {
		if len(some) == 1 {
			errs[i] = some[0].err
		}
	}
	return errs
}

// alone writes one change in a transaction of its own.
func (c *committer) alone(ctx context.Context, p *pending) {
	s := c.store
	p.err = s.transact(ctx, transaction{
		do: func(tx context.Context) (err error) {
			p.event, err = s.write(tx, p.change)
			return s.adoption.after(ctx, err, loadsOf(p.change)...)
		},
		done: func(ctx context.Context) (ok bool, err error) {
			p.event, ok, err = s.recordedAs(ctx, p.change.Event)
			return ok, err
		},
	})
	var some *dropped
	if errors.As(p.err, &some) {
		p.err = some.reason
	}
	if errors.Is(p.err, commit.ErrStale) {
		p.err = c.whyStale(ctx, p.change)
	}
}

// whyStale is NOT_FOUND for a conversation that is not there. It is asked outside of the
// transaction, of which nothing is left.
func (c *committer) whyStale(ctx context.Context, change commit.Change) error {
	guarded := change.Conversation.ID
	if change.Create {
		guarded = change.Continues
	}
	if change.Yields || guarded == "" {
		return commit.ErrStale
	}
	_, missing := c.store.Conversation(ctx, change.Conversation.Workspace, guarded)
	return cmp.Or(missing, commit.ErrStale)
}
