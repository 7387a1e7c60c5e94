package blackbox_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// envOffers is how many offers are raced for, instead of a few.
const envOffers = "SWITCHBOARD_TEST_OFFERS"

// raceTime is how long each offer stands, and racers how many offers are raced for at once.
const (
	raceTime = 2 * time.Second
	racers   = 8
)

// asked is a number from the environment, or a smaller one for every run.
func asked(t *testing.T, variable string, small int) int {
	t.Helper()
	if text := os.Getenv(variable); text != "" {
		_, err := fmt.Sscan(text, &small)
		require.NoError(t, err, "%s is a number, such as %d", variable, small)
	}
	return small
}

// Accepting, withdrawing, taking over, closing and the timer at once, through four servers:
// each offer has one end, the conversation one owner at every version, and whoever came too
// late is told OFFER_SETTLED or CONFLICT, with who won. Row 2. B:T6, B:K4
func TestOffersEndOnce(t *testing.T) {
	t.Parallel()
	offers := asked(t, envOffers, 24)
	for engine, open := range houses() {
		t.Run(engine, func(t *testing.T) {
			h := open(t, staff("race", 2, func(r *workspace.Rules) { r.OfferTimeout = raceTime }))
			s := h.shifts["race"].in(t)
			var running sync.WaitGroup
			found := make(chan offerRace, offers)
			for n := range racers {
				running.Go(func() {
					for i := n; i < offers; i += racers {
						found <- s.raceFor(t.Context(), i)
					}
				})
			}
			running.Wait()
			close(found)
			s.log.OffersEnded = true
			s.sound()
			ends := map[string]int{}
			for race := range found {
				require.NoError(t, race.err)
				ends[race.judge(s)]++
			}
			t.Logf("%d offers: %v", offers, ends)
			require.Greater(t, len(ends), 1, "one of them won each race")
		})
	}
}

// offerRace is what became of one offer: how it was answered, in the order of the verbs.
type offerRace struct {
	conversation string
	said         map[string]object // by verb: the payload
	err          error
}

// raceFor makes an offer, and lets all that may end it do so as its time is over; of every
// fourth they do not wait for that. It is not run by the test's goroutine.
func (s *shift) raceFor(ctx context.Context, n int) (race offerRace) {
	ws := string(s.log.Start.Workspace.ID)
	sender, target, boss := ws+"-a", ws+"-b", ws+"-boss"
	made, err := s.send(ctx, n, sender, "createTicket", object{"subject": "Late", "contact": object{"name": "Vera"}, "to": object{"memberId": globalID("Member", sender)}})
	race.conversation, _ = dig(made, "conversation", "id").(string)
	if err != nil {
		return offerRace{err: err}
	}
	offered, err := s.send(ctx, n+1, sender, "transferConversation", object{"conversationId": race.conversation, "to": object{"memberId": globalID("Member", target)}, "offer": true})
	offer, version := dig(offered, "event", "offer", "id"), dig(offered, "event", "version")
	if err != nil || offer == nil {
		return offerRace{err: cmp.Or(err, fmt.Errorf("nothing was offered: %v", offered))}
	}
	if n%4 > 0 {
		late := rand.New(rand.NewPCG(uint64(n), 2)).Int64N(int64(1200 * time.Millisecond))
		select {
		case <-time.After(raceTime + time.Duration(late)):
		case <-ctx.Done():
			return offerRace{err: ctx.Err()}
		}
	}
	one := object{"conversationId": race.conversation, "expectedVersion": version}
	closing := maps.Clone(one)
	closing["status"] = "CLOSED"
	race.said = map[string]object{}
	var running sync.WaitGroup
	var mu sync.Mutex
	for i, act := range []struct {
		by, verb string
		input    object
	}{
		{target, "acceptOffer", object{"offerId": offer}}, {sender, "withdrawOffer", object{"offerId": offer}},
		{boss, "takeOverConversation", one}, {sender, "setConversationStatus", closing},
	} {
		running.Go(func() {
			payload, err := s.send(ctx, n+i, act.by, act.verb, act.input)
			mu.Lock()
			defer mu.Unlock()
			race.said[act.verb], race.err = payload, errors.Join(race.err, err)
		})
	}
	running.Wait()
	return race
}

// raceDocument asks what a loser is told.
func raceDocument(verb string) string {
	return fmt.Sprintf(`mutation($input: %s!) { done: %s(input: $input) { conversation { id } event { id version offer { id } }
		userErrors { code message ... on ConflictError { by { ...A } current { version } } ... on OfferSettledError { by { ...A } offer { status } current { handler } }
			... on AccessLostError { by { ...A } } } } }
		fragment A on Actor { __typename ... on Member { id } }`, faultDocuments[verb][0], verb)
}

// send sends a verb in a member's name to the n-th server, for another goroutine than the
// test's.
func (s *shift) send(ctx context.Context, n int, member, verb string, input object) (object, error) {
	token, err := s.signer.Sign(inbox.Principal{Workspace: s.log.Start.Workspace.ID, Actor: workspace.Actor{Kind: workspace.ActorMember, ID: member}}, time.Hour)
	if err != nil {
		return nil, err
	}
	a, err := s.on(n, token).try(ctx, raceDocument(verb), object{"input": input})
	payload, _ := a.Data["done"].(object)
	if err == nil && payload == nil {
		err = fmt.Errorf("%s: %s", verb, a.text)
	}
	return payload, err
}

// judge gives the kind of event that ended the offer, and demands that whoever came too
// late was told of it.
func (r offerRace) judge(s *shift) string {
	s.t.Helper()
	events := s.events(r.conversation)
	last := events[len(events)-1]
	require.Len(s.t, events, 3, "made, offered, and ended: %v", kindsOf(events))
	o, ended := last.Offer()
	require.True(s.t, ended && !o.Open(), "%s is %s", last.Kind, o.Status)
	for _, verb := range slices.Sorted(maps.Keys(r.said)) {
		payload := r.said[verb]
		if event := dig(payload, "event", "id"); event != nil {
			require.Equal(s.t, string(last.ID), plainID(event), "%s won, and %s", verb, last.Kind)
			continue
		}
		refusal := refused(payload)
		settled := []any{"OFFER_SETTLED", "CONFLICT"}
		if verb == "setConversationStatus" && last.To.Assignee != "" {
			settled = append(settled, "ACCESS_LOST") // the sender may see it no longer, whatever version was named
		}
		require.Contains(s.t, settled, refusal["code"], "%s behind %s: %v", verb, last.Kind, payload)
		require.Equal(s.t, string(last.Actor.Member()), plainID(dig(refusal, "by", "id")), "%s behind %s: %v", verb, last.Kind, refusal)
		if refusal["code"] == "OFFER_SETTLED" {
			require.Equal(s.t, string(o.Status), dig(refusal, "offer", "status"))
		}
	}
	return string(last.Kind)
}
