package blackbox_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/authz"
	"switchboard/inbox/workspace"
	"switchboard/internal/histcheck"
)

// envHandOffs is how many chats are handed off while offers stand, instead of a few hundred;
// the number of offers grows with it, up to mostStanding.
const envHandOffs = "SWITCHBOARD_TEST_HANDOFFS"

// The run: members with a cap of standingLimit each, and offers that take most of their
// slots, made by standingSenders.
const (
	standingMembers = 50
	standingLimit   = 5
	standingSenders = 8
	mostStanding    = 200
)

// Chats are handed off through four servers to members for whom offers reserve most of the
// slots, and the offers are accepted, declined and taken back meanwhile: the rules never
// give more than the cap allows beside what is reserved, and in the end nothing is reserved.
// Row 3. B:T6, B:Q6
func TestTheCapHoldsBesideOffers(t *testing.T) {
	t.Parallel()
	chats := asked(t, envHandOffs, 20*capDesks) / capDesks * capDesks
	standing := min(mostStanding, max(chats/10, standingSenders))
	uri := database(t)
	stored := openStored(t, uri)
	preset, err := authz.Preset("default")
	require.NoError(t, err)
	h := histcheck.History{Start: capWorkspace(standingMembers, standingLimit), Patience: 30 * time.Second, Policy: authz.New(preset), OffersEnded: true}
	h.Start.Workspace.Rules.OfferTimeout = time.Hour
	for id, m := range h.Start.Members { // they own what is offered, and get nothing
		if id < "cap-m08" {
			m.Availability, m.OnlineSince = workspace.Away, time.Time{}
			h.Start.Members[id] = m
		}
	}
	require.NoError(t, stored.CreateWorkspace(t.Context(), *h.Start))
	position, err := histcheck.Begin(t.Context(), stored)
	require.NoError(t, err)
	run := newCapRun(t, stored, uri, capServers)
	began := time.Now()
	kept := keepEvents(t, stored, &h, position)
	ended := run.offerMeanwhile(t, standing)
	run.work(t, stored, position, chats)
	made := ended()
	t.Logf("%d hand-offs while %d of %d offers stood: %v", chats, standing, made, time.Since(began).Round(time.Second))

	h.Acknowledged, h.End = run.acknowledged, time.Now()
	require.NoError(t, h.Read(t.Context(), stored, kept()))
	faults := h.Check()
	require.Empty(t, faults[:min(5, len(faults))], "%d faults", len(faults))
	for id, l := range h.Loads {
		require.Zero(t, l.Reserved(), id)
	}
	require.Len(t, h.Conversations, chats+standing)

	// The checker does see a fault in this very history.
	lower := *h.Start
	lower.Workspace.Rules.MaxAutoAssigned = standingLimit - 1
	h.Start = &lower
	require.Equal(t, histcheck.Cap, h.Check()[0].Rule)
}

// offerMeanwhile makes offers that stand, and goes on to end them and to make others until
// the returned function is called, which ends all and gives how many there were.
func (r *capRun) offerMeanwhile(t *testing.T, standing int) (end func() int) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	var mu sync.Mutex
	made, failed := 0, error(nil)
	var begun sync.WaitGroup
	for n := range standingSenders {
		sender := &capSender{capDesk: &capDesk{capRun: r, server: r.servers[n%len(r.servers)], random: rand.New(rand.NewPCG(uint64(n), 4))}}
		for m := range standingMembers {
			sender.tokens = append(sender.tokens, r.token(t, workspace.ActorMember, fmt.Sprintf("cap-m%02d", m)))
		}
		begun.Add(1)
		running.Go(func() {
			err := sender.begin(t.Context(), n, standing/standingSenders+min(1, max(0, standing%standingSenders-n)))
			begun.Done()
			for err == nil && ctx.Err() == nil {
				err = sender.another(t.Context())
			}
			for _, o := range sender.open {
				if err == nil {
					err = sender.withdraw(t.Context(), o)
				}
			}
			mu.Lock()
			defer mu.Unlock()
			made += sender.made
			if err != nil {
				failed = err
			}
		})
	}
	begun.Wait()
	return func() int {
		stop()
		running.Wait()
		require.NoError(t, failed)
		return made
	}
}

// capSender is a member who has chats and offers each of them to somebody.
type capSender struct {
	*capDesk
	tokens []string // of all members
	me     int
	open   []capOffer
	made   int
}

type capOffer struct {
	chat, offer any
	to          int
}

// begin gives the sender so many chats, and offers each.
func (s *capSender) begin(ctx context.Context, me, chats int) error {
	s.me = me
	for range chats {
		chat, err := s.ask(ctx, s.bot, `mutation($input: StartLivechatInput!) { done: startLivechat(input: $input) { conversation { id } userErrors { message } } }`,
			object{"contact": object{"name": "Vera"}})
		if err != nil {
			return err
		}
		id := dig(chat, "conversation", "id")
		if err := s.do(ctx, s.me, "claimConversation", object{"conversationId": id}); err != nil {
			return err
		}
		if err := s.offer(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

func (s *capSender) do(ctx context.Context, by int, verb string, input object) error {
	done, err := s.ask(ctx, s.tokens[by], fmt.Sprintf(`mutation($input: %s!) { done: %s(input: $input) { event { id } userErrors { message } } }`, faultDocuments[verb][0], verb), input)
	if err != nil {
		return fmt.Errorf("%s: %w", verb, err)
	}
	return s.acknowledge(done)
}

// offer offers a chat to any member who is there.
func (s *capSender) offer(ctx context.Context, chat any) error {
	to := standingSenders + s.random.IntN(standingMembers-standingSenders)
	done, err := s.ask(ctx, s.tokens[s.me], `mutation($input: TransferConversationInput!) { done: transferConversation(input: $input) { event { id } offer { id } userErrors { message } } }`,
		object{"conversationId": chat, "to": object{"memberId": globalID("Member", fmt.Sprintf("cap-m%02d", to))}, "offer": true})
	if err != nil {
		return fmt.Errorf("offer: %w", err)
	}
	s.made++
	s.open = append(s.open, capOffer{chat, dig(done, "offer", "id"), to})
	return s.acknowledge(done)
}

// another ends one of the sender's offers in one of three ways, and makes the next.
func (s *capSender) another(ctx context.Context) error {
	o := s.open[0]
	s.open = s.open[1:]
	var err error
	switch s.random.IntN(3) {
	case 0:
		if err = s.do(ctx, o.to, "acceptOffer", object{"offerId": o.offer}); err == nil {
			err = s.do(ctx, s.me, "takeOverConversation", object{"conversationId": o.chat})
		}
	case 1:
		err = s.do(ctx, o.to, "declineOffer", object{"offerId": o.offer, "reason": "I am busy."})
	default:
		err = s.withdraw(ctx, o)
	}
	if err != nil {
		return err
	}
	return s.offer(ctx, o.chat)
}

func (s *capSender) withdraw(ctx context.Context, o capOffer) error {
	return s.do(ctx, s.me, "withdrawOffer", object{"offerId": o.offer})
}
