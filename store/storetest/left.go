package storetest

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
)

// What nobody claimed in time, of every workspace, the longest left first. B:L1
func leftOf(t *testing.T, open Opener) {
	d := newDesk(t, open)
	put := func(until int) inbox.Conversation {
		return d.created(func(c *inbox.Conversation) {
			c.Ownership = inbox.Ownership{Status: inbox.Open, AIStopped: true, WaitingSince: at(1), NeededSince: at(1), UpForGrabs: true, GrabsUntil: at(until)}
		})
	}
	late, early, over := put(5), put(3), put(9)
	d.created(func(c *inbox.Conversation) {
		c.Ownership = inbox.Ownership{Status: inbox.Open, AIStopped: true, WaitingSince: at(1), UpForGrabs: true}
	})
	left := func(until time.Time, limit int) []inbox.Conversation {
		found, err := d.Left(soon(t), until, limit)
		require.NoError(t, err)
		return slices.DeleteFunc(found, func(c inbox.Conversation) bool { return c.Workspace != d.ws })
	}
	require.Empty(t, left(at(3).Add(-time.Millisecond), 9))
	require.Equal(t, []inbox.Conversation{early, late}, left(at(5), 9))
	require.Equal(t, []inbox.Conversation{early}, left(at(5), 1))
	taken := takeover(early, "mia")
	taken.Conversation.UpForGrabs, taken.Conversation.GrabsUntil = false, time.Time{}
	taken.Event.To = taken.Conversation.Ownership
	d.commit(taken)
	require.Equal(t, []inbox.Conversation{late, over}, left(at(9), 9), "what somebody has was not left")
}
