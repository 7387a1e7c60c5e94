package desk_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/internal/world"
)

// What ends offers returns when the next one lapses, whoever made it, and nothing is ended
// before that. B:T6
func TestWhenTheNextOfferLapses(t *testing.T) {
	d := offerDesk(t)
	expire := func() time.Time {
		next, err := d.Queues.ExpireOffers(t.Context())
		require.NoError(t, err)
		return next
	}
	require.Zero(t, expire(), "there is none")
	first := offerTo(t, d, access.Owner{Member: world.Mate}).Conversation
	require.Equal(t, first.Offer.ExpiresAt, expire())
	d.Pass(first.Offer.ExpiresAt.Sub(d.Clock()) - time.Millisecond)
	require.Equal(t, first.Offer.ExpiresAt, expire())
	require.True(t, d.Stored(t, first.ID).Offer.Open(), "not before its time")
	d.Pass(time.Millisecond)
	require.Zero(t, expire())
	require.Equal(t, inbox.OfferExpired, d.Stored(t, first.ID).Offer.Status)
	d.Fault = errors.New("down")
	_, err := d.Queues.ExpireOffers(t.Context())
	require.ErrorIs(t, err, d.Fault)
}
