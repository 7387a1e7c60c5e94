package inbox_test

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
)

// meanwhileDo lets somebody else act between the load and the commit.
func (d *deskWorld) meanwhileDo(t *testing.T, act func(ctx context.Context) error) {
	t.Helper()
	d.meanwhile = func() { require.NoError(t, act(context.Background())) }
}

// B:A4
func TestLostClaimNamesTheWinner(t *testing.T) {
	d := newDesk(t)
	r := d.begin(t, "chat: queued in my team")
	seen := r
	seen.ExpectedVersion = ptr(d.stored(t, r.Conversation).Version)
	d.meanwhileDo(t, func(ctx context.Context) error { _, err := d.Desk.Claim(ctx, asMember(mate), r); return err })
	_, err := d.Desk.Claim(t.Context(), asMember(me), seen)
	lost := refused(t, err, inbox.AlreadyAssigned)
	require.Equal(t, mate, lost.Current.Assignee)
	require.Equal(t, asMember(mate).Actor, lost.By)
	require.Equal(t, start(), lost.At)
	require.Contains(t, lost.Message, "Max")
	require.Equal(t, inbox.ActionTakeOver, lost.Hint)
	require.Equal(t, mate, d.stored(t, r.Conversation).Assignee)

	// Who comes later still, with what they saw before, is told the same.
	_, err = d.Desk.Claim(t.Context(), asMember(senior), seen)
	require.Equal(t, mate, refused(t, err, inbox.AlreadyAssigned).Current.Assignee)
}

// Who loses a claim to somebody out of sight is told who won, and not that a
// permission is missing. B:A4
func TestLostClaimToAnotherTeam(t *testing.T) {
	d := newDesk(t)
	r := d.begin(t, "chat: queued of no team")
	d.meanwhileDo(t, func(ctx context.Context) error { _, err := d.Desk.Claim(ctx, asMember(stranger), r); return err })
	_, err := d.Desk.Claim(t.Context(), asMember(me), r)
	lost := refused(t, err, inbox.AlreadyAssigned)
	require.Equal(t, stranger, lost.Current.Assignee)
	require.Empty(t, lost.Hint, "a takeover would be refused")
}

// B:K4
func TestLostTakeoverNamesTheWinner(t *testing.T) {
	for name, state := range map[string]string{"of a teammate's": "chat: a teammate's", "of nobody's": "chat: AI answers"} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			r := d.begin(t, state)
			d.meanwhileDo(t, func(ctx context.Context) error {
				_, err := d.Desk.TakeOver(ctx, asMember(senior), r, nil, "")
				return err
			})
			_, err := d.Desk.TakeOver(t.Context(), asMember(me), r, ptr("mine!"), "")
			lost := refused(t, err, inbox.Conflict)
			require.Equal(t, senior, lost.Current.Assignee)
			require.Equal(t, asMember(senior).Actor, lost.By)
			require.Contains(t, lost.Message, "Sue")
			for _, m := range d.messages() {
				require.NotEqual(t, "mine!", m.Body, "the loser's message was written")
			}
		})
	}
}

// The winner may be out of reach for the loser, who is told all the same. B:K4
func TestLostTakeoverToSomebodyOutOfReach(t *testing.T) {
	d := newDesk(t)
	r := d.begin(t, "chat: a teammate's")
	d.meanwhileDo(t, func(ctx context.Context) error {
		_, err := d.Desk.Transfer(ctx, asMember(mate), r, access.Owner{Member: stranger}, "")
		return err
	})
	_, err := d.Desk.TakeOver(t.Context(), asMember(me), r, nil, "")
	require.Equal(t, stranger, refused(t, err, inbox.Conflict).Current.Assignee)
}

// Two managers assign at once: the second is told. B:A1
func TestLostAssignment(t *testing.T) {
	d := newDesk(t)
	r := d.begin(t, "chat: AI answers")
	d.meanwhileDo(t, func(ctx context.Context) error {
		_, err := d.Desk.Assign(ctx, asMember(manager), r, access.Owner{Member: mate}, "")
		return err
	})
	_, err := d.Desk.Assign(t.Context(), asMember(owner), r, access.Owner{Member: senior}, "")
	require.Equal(t, mate, refused(t, err, inbox.Conflict).Current.Assignee)
	require.Len(t, d.recorded(), 1)
}

// The previous owner's transfer comes too late. B:K1
func TestTransferAfterATakeover(t *testing.T) {
	d := newDesk(t)
	r := d.begin(t, "chat: mine")
	d.meanwhileDo(t, func(ctx context.Context) error {
		_, err := d.Desk.TakeOver(ctx, asMember(manager), r, nil, "")
		return err
	})
	_, err := d.Desk.Transfer(t.Context(), asMember(me), r, access.Owner{Member: mate}, "")
	lost := refused(t, err, inbox.NotAssignee)
	require.Equal(t, manager, lost.Current.Assignee)
	require.Equal(t, asMember(manager).Actor, lost.By)
}

// A change that leaves the owner alone costs a claim nothing.
func TestRaceWithAStatusIsNoLoss(t *testing.T) {
	d := newDesk(t)
	r := d.begin(t, "chat: queued of no team")
	d.meanwhileDo(t, func(ctx context.Context) error {
		_, err := d.Desk.SetStatus(ctx, asMember(manager), r, inbox.Unset)
		return err
	})
	out, err := d.Desk.Claim(t.Context(), asMember(me), r)
	require.NoError(t, err)
	require.Equal(t, me, out.Conversation.Assignee)
	require.Equal(t, inbox.Unset, out.Conversation.Status)
}

// Exactly one of many wins, and every other is told who. B:A4, B:K4
func TestManyAtOnce(t *testing.T) {
	for name, c := range map[string]struct {
		state  string
		do     func(ctx context.Context, d *deskWorld, p inbox.Principal, r desk.Request) error
		lost   inbox.Code
		people []workspace.MemberID
	}{
		"claims": {"chat: queued in my team", func(ctx context.Context, d *deskWorld, p inbox.Principal, r desk.Request) error {
			_, err := d.Desk.Claim(ctx, p, r)
			return err
		}, inbox.AlreadyAssigned, []workspace.MemberID{me, senior, manager, owner}},
		"takeovers of one version": {"chat: a teammate's", func(ctx context.Context, d *deskWorld, p inbox.Principal, r desk.Request) error {
			r.ExpectedVersion = ptr(3)
			_, err := d.Desk.TakeOver(ctx, p, r, nil, "")
			return err
		}, inbox.Conflict, []workspace.MemberID{senior, manager, owner}},
	} {
		t.Run(name, func(t *testing.T) {
			for range 25 {
				d := newDesk(t)
				r := d.begin(t, c.state)
				errs := make([]error, len(c.people))
				var all sync.WaitGroup
				for i, id := range c.people {
					all.Go(func() { errs[i] = c.do(context.Background(), d, asMember(id), r) })
				}
				all.Wait()
				won := 0
				winner := d.stored(t, r.Conversation).Assignee
				for i, err := range errs {
					if err == nil {
						won++
						require.Equal(t, winner, c.people[i])
						continue
					}
					require.Equal(t, winner, refused(t, err, c.lost).Current.Assignee)
				}
				require.Equal(t, 1, won)
				require.Len(t, d.recorded(), 1)
			}
		})
	}
}
