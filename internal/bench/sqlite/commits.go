package main

import (
	"context"
	"path/filepath"
	"strconv"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
	"switchboard/internal/bench/report"
	"switchboard/store/sqlite"
)

// block is how many commits a round makes.
const block = 200

// commits measures a takeover with a message beside a transaction that writes rows as
// many and as large into the same tables with the driver alone, by statements that were
// prepared before. What the program adds is the way from the domain to the rows.
func (b *bench) commits(ctx context.Context) error {
	for _, durability := range []sqlite.Durability{sqlite.Full, sqlite.Relaxed} {
		if err := b.commitsWith(ctx, durability); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) commitsWith(ctx context.Context, durability sqlite.Durability) error {
	s, err := sqlite.Open(ctx, sqlite.Config{Dir: filepath.Join(b.dir, "commits-"+string(durability)), Durability: durability})
	if err != nil {
		return err
	}
	defer func() { _ = s.Close(ctx) }()
	ours, err := takingOver(ctx, s, "first-"+strconv.FormatInt(time.Now().UnixNano(), 36))
	if err != nil {
		return err
	}
	for range 2 { // so that the bare transaction knows how large the rows are
		if err := ours.step(ctx); err != nil {
			return err
		}
	}
	bare, err := openBare(ctx, b.dir, durability)
	if err != nil {
		return err
	}
	defer func() { _ = bare.db.Close() }()
	if err := b.comparePages(ctx, ours.step, bare.step, durability); err != nil {
		return err
	}
	var ratios, mine, theirs []float64
	for range b.rounds {
		x, err := each(ctx, ours.step)
		if err != nil {
			return err
		}
		y, err := each(ctx, bare.step)
		if err != nil {
			return err
		}
		ratios, mine, theirs = append(ratios, x/y), append(mine, x), append(theirs, y)
	}
	b.lines = append(b.lines, line{
		Name: "a commit beside a bare one, " + string(durability), Small: report.Median(theirs), Large: report.Median(mine), Value: report.Median(ratios), Unit: "times", Wanted: "at most 1.5",
	})
	return nil
}

// each is the median time of a block of steps, in microseconds.
func each(ctx context.Context, step func(context.Context) error) (float64, error) {
	var times []float64
	for range block {
		begin := time.Now()
		if err := step(ctx); err != nil {
			return 0, err
		}
		times = append(times, float64(time.Since(begin).Microseconds()))
	}
	return report.Median(times), nil
}

// takeovers has members take one conversation over from each other.
type takeovers struct {
	store *sqlite.Store
	c     inbox.Conversation
}

func takingOver(ctx context.Context, s *sqlite.Store, id string) (*takeovers, error) {
	c := (&filled{}).begun(1)
	c.ID, c.Contact = inbox.ConversationID("c_"+id), inbox.ContactID("p_"+id)
	t := &takeovers{store: s, c: c}
	change := created(c)
	change.Event.ID, change.Event.Messages = inbox.EventID("e_"+id), nil
	return t, s.Commit(ctx, change)
}

func (t *takeovers) step(ctx context.Context) error {
	before, after := t.c, t.c
	after.Version, after.Epoch = before.Version+1, before.Epoch+1
	after.Ownership = inbox.Ownership{Status: inbox.Open, Team: before.Team, Assignee: memberOf(after.Version)}
	after.LastActivityAt = before.LastActivityAt.Add(time.Second)
	after.Changed = inbox.Attribution{By: workspace.Actor{Kind: workspace.ActorMember, ID: string(after.Assignee)}, At: after.LastActivityAt}
	e := eventOf(after, before.Ownership, inbox.EventTakenOver)
	e.Messages = []inbox.Message{messageOf(after, 1)}
	e.Messages[0].ID = inbox.MessageID("m_" + string(e.ID))
	loads := []inbox.LoadChange{{Member: after.Assignee, Kind: after.Kind, Delta: 1}}
	if before.Assignee != "" {
		loads = append(loads, inbox.LoadChange{Member: before.Assignee, Kind: after.Kind, Delta: -1})
	}
	t.c = after
	return t.store.Commit(ctx, commit.Change{Conversation: after, Guard: commit.Guard{Version: before.Version}, Event: e, Loads: loads})
}
