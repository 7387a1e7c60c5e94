package eventlog

import (
	"context"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// staleAfter is how old the state of a conversation may be by which it is decided whether
// a record is shown.
const staleAfter = 250 * time.Millisecond

// Cursor walks the log forwards for one reader. It holds one batch of records. It is for
// one goroutine.
type Cursor struct {
	s      *Service
	ws     workspace.WorkspaceID
	filter Filter
	at     Sequence
	batch  []Record
	now    map[inbox.ConversationID]inbox.Conversation
	looked time.Time // when now was read
}

// Walk returns a Cursor behind a sequence.
func (s *Service) Walk(ws workspace.WorkspaceID, f Filter, after Sequence) *Cursor {
	return &Cursor{s: s, ws: ws, filter: f, at: after}
}

// Empty reports whether the next record has to be read from the log.
func (c *Cursor) Empty() bool { return len(c.batch) == 0 }

// Held reads the next batch unless one is there, and returns its last sequence; 0 at the
// end of the log. Errors: UNAVAILABLE.
func (c *Cursor) Held(ctx context.Context) (Sequence, error) {
	if err := c.fill(ctx); err != nil || len(c.batch) == 0 {
		return 0, err
	}
	return c.batch[len(c.batch)-1].Sequence, nil
}

// Next is what a is shown of the next record, by the state of now; shown is false if that
// is nothing. The cursor stays before it until Pass, so that it can be judged again. It is
// for a cursor that is not Empty. Errors: UNAVAILABLE.
func (c *Cursor) Next(ctx context.Context, a access.Access) (item Item, shown bool, err error) {
	if err := c.fill(ctx); err != nil {
		return Item{}, false, err
	}
	r := c.batch[0]
	if len(c.batch) > 1 && r.Gone && c.batch[1].Gone { // the last of them stands for all
		return Item{}, false, nil
	}
	item, shown = show(a, c.filter, r, c.now[r.Conversation])
	return item, shown, nil
}

// Pass goes on behind the next record.
func (c *Cursor) Pass() { c.at, c.batch = c.batch[0].Sequence, c.batch[1:] }

// fill reads the next batch, and the conversations of the present one when they have been
// known for too long.
func (c *Cursor) fill(ctx context.Context) (err error) {
	now := c.s.now()
	if len(c.batch) == 0 {
		c.looked = time.Time{}
		if c.batch, err = c.s.next(ctx, c.ws, c.at, readBatch); err != nil {
			return err
		}
	}
	if len(c.batch) == 0 {
		c.batch, c.now = nil, nil // who waits for more holds nothing
		return nil
	}
	if now.Sub(c.looked) < staleAfter {
		return nil
	}
	if c.now, err = c.s.Present(ctx, c.ws, c.batch); err == nil {
		c.looked = now
	}
	return err
}
