package desk_test

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// B:A4
func TestLostClaimNamesTheWinner(t *testing.T) {
	d := world.New(t)
	r := d.Begin(t, "chat: queued in my team")
	seen := r
	seen.ExpectedVersion = world.Ptr(d.Stored(t, r.Conversation).Version)
	d.MeanwhileDo(t, func(ctx context.Context) error {
		_, err := d.Desk.Claim(ctx, world.AsMember(world.Mate), r)
		return err
	})
	_, err := d.Desk.Claim(t.Context(), world.AsMember(world.Me), seen)
	lost := world.Refused(t, err, inbox.AlreadyAssigned)
	require.Equal(t, world.Mate, lost.Current.Assignee)
	require.Equal(t, world.AsMember(world.Mate).Actor, lost.By)
	require.Equal(t, world.Start(), lost.At)
	require.Contains(t, lost.Message, "Max")
	require.Equal(t, inbox.ActionTakeOver, lost.Hint)
	require.Equal(t, world.Mate, d.Stored(t, r.Conversation).Assignee)

	// Who comes later still, with what they saw before, is told the same.
	_, err = d.Desk.Claim(t.Context(), world.AsMember(world.Senior), seen)
	require.Equal(t, world.Mate, world.Refused(t, err, inbox.AlreadyAssigned).Current.Assignee)
}

// Who loses a claim to somebody out of sight is told who won, and not that a
// permission is missing. B:A4
func TestLostClaimToAnotherTeam(t *testing.T) {
	d := world.New(t)
	r := d.Begin(t, "chat: queued of no team")
	d.MeanwhileDo(t, func(ctx context.Context) error {
		_, err := d.Desk.Claim(ctx, world.AsMember(world.Stranger), r)
		return err
	})
	_, err := d.Desk.Claim(t.Context(), world.AsMember(world.Me), r)
	lost := world.Refused(t, err, inbox.AlreadyAssigned)
	require.Equal(t, world.Stranger, lost.Current.Assignee)
	require.Empty(t, lost.Hint, "a takeover would be refused")
}

// B:K4
func TestLostTakeoverNamesTheWinner(t *testing.T) {
	for name, state := range map[string]string{"of a teammate's": "chat: a teammate's", "of nobody's": "chat: AI answers"} {
		t.Run(name, func(t *testing.T) {
			d := world.New(t)
			r := d.Begin(t, state)
			d.MeanwhileDo(t, func(ctx context.Context) error {
				_, err := d.Desk.TakeOver(ctx, world.AsMember(world.Senior), r, nil, "")
				return err
			})
			_, err := d.Desk.TakeOver(t.Context(), world.AsMember(world.Me), r, world.Ptr("mine!"), "")
			lost := world.Refused(t, err, inbox.Conflict)
			require.Equal(t, world.Senior, lost.Current.Assignee)
			require.Equal(t, world.AsMember(world.Senior).Actor, lost.By)
			require.Contains(t, lost.Message, "Sue")
			for _, m := range d.Said() {
				require.NotEqual(t, "mine!", m.Body, "the loser's message was written")
			}
		})
	}
}

// The winner may be out of reach for the loser, who is told all the same. B:K4
func TestLostTakeoverToSomebodyOutOfReach(t *testing.T) {
	d := world.New(t)
	r := d.Begin(t, "chat: a teammate's")
	d.MeanwhileDo(t, func(ctx context.Context) error {
		_, err := d.Desk.Transfer(ctx, world.AsMember(world.Mate), r, access.Owner{Member: world.Stranger}, "")
		return err
	})
	_, err := d.Desk.TakeOver(t.Context(), world.AsMember(world.Me), r, nil, "")
	require.Equal(t, world.Stranger, world.Refused(t, err, inbox.Conflict).Current.Assignee)
}

// Two managers assign at once: the second is told. B:A1
func TestLostAssignment(t *testing.T) {
	d := world.New(t)
	r := d.Begin(t, "chat: AI answers")
	d.MeanwhileDo(t, func(ctx context.Context) error {
		_, err := d.Desk.Assign(ctx, world.AsMember(world.Manager), r, access.Owner{Member: world.Mate}, "")
		return err
	})
	_, err := d.Desk.Assign(t.Context(), world.AsMember(world.Owner), r, access.Owner{Member: world.Senior}, "")
	require.Equal(t, world.Mate, world.Refused(t, err, inbox.Conflict).Current.Assignee)
	require.Len(t, d.Recorded(), 1)
}

// The previous owner's transfer comes too late. B:K1
func TestTransferAfterATakeover(t *testing.T) {
	d := world.New(t)
	r := d.Begin(t, "chat: mine")
	d.MeanwhileDo(t, func(ctx context.Context) error {
		_, err := d.Desk.TakeOver(ctx, world.AsMember(world.Manager), r, nil, "")
		return err
	})
	_, err := d.Desk.Transfer(t.Context(), world.AsMember(world.Me), r, access.Owner{Member: world.Mate}, "")
	lost := world.Refused(t, err, inbox.NotAssignee)
	require.Equal(t, world.Manager, lost.Current.Assignee)
	require.Equal(t, world.AsMember(world.Manager).Actor, lost.By)
}

// A change that leaves the owner alone costs a claim nothing.
func TestRaceWithAStatusIsNoLoss(t *testing.T) {
	d := world.New(t)
	r := d.Begin(t, "chat: queued of no team")
	d.MeanwhileDo(t, func(ctx context.Context) error {
		_, err := d.Desk.SetStatus(ctx, world.AsMember(world.Manager), r, inbox.Unset)
		return err
	})
	out, err := d.Desk.Claim(t.Context(), world.AsMember(world.Me), r)
	require.NoError(t, err)
	require.Equal(t, world.Me, out.Conversation.Assignee)
	require.Equal(t, inbox.Unset, out.Conversation.Status)
}

// Exactly one of many wins, and every other is told who. B:A4, B:K4
func TestManyAtOnce(t *testing.T) {
	for name, c := range map[string]struct {
		state  string
		do     func(ctx context.Context, d *world.Inbox, p inbox.Principal, r desk.Request) error
		lost   inbox.Code
		people []workspace.MemberID
	}{
		"claims": {"chat: queued in my team", func(ctx context.Context, d *world.Inbox, p inbox.Principal, r desk.Request) error {
			_, err := d.Desk.Claim(ctx, p, r)
			return err
		}, inbox.AlreadyAssigned, []workspace.MemberID{world.Me, world.Senior, world.Manager, world.Owner}},
		"takeovers of one version": {"chat: a teammate's", func(ctx context.Context, d *world.Inbox, p inbox.Principal, r desk.Request) error {
			r.ExpectedVersion = world.Ptr(3)
			_, err := d.Desk.TakeOver(ctx, p, r, nil, "")
			return err
		}, inbox.Conflict, []workspace.MemberID{world.Senior, world.Manager, world.Owner}},
	} {
		t.Run(name, func(t *testing.T) {
			for range 25 {
				d := world.New(t)
				r := d.Begin(t, c.state)
				errs := make([]error, len(c.people))
				var all sync.WaitGroup
				for i, id := range c.people {
					all.Go(func() { errs[i] = c.do(context.Background(), d, world.AsMember(id), r) })
				}
				all.Wait()
				won := 0
				winner := d.Stored(t, r.Conversation).Assignee
				for i, err := range errs {
					if err == nil {
						won++
						require.Equal(t, winner, c.people[i])
						continue
					}
					require.Equal(t, winner, world.Refused(t, err, c.lost).Current.Assignee)
				}
				require.Equal(t, 1, won)
				require.Len(t, d.Recorded(), 1)
			}
		})
	}
}
