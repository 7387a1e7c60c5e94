package bench_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/internal/bench/report"
	"switchboard/internal/testdb"
)

// The sizes of BenchmarkBulk: calls of bulkSize, and beside them others who make a request
// each otherPause.
const (
	bulkRounds = 20
	bulkSize   = 500
	bulkOthers = 4
	otherPause = 20 * time.Millisecond
)

// BenchmarkBulk assigns 500 conversations in one call over the wire, again and again, while
// others of the workspace read lists and take over at a steady rate; alternately they do so
// alone, for as long.
func BenchmarkBulk(b *testing.B) {
	server := startServer(b, testdb.Start(b, testdb.Options{}).URI())
	c := &client{http: &http.Client{}, url: server.url, tokens: []string{server.token("senior1@demo.test"), server.token("manager@demo.test")}}
	me := c.member(b)
	ids := c.tickets(b, me, bulkSize)
	others := make([]*client, bulkOthers)
	for i := range others {
		others[i] = &client{http: c.http, url: c.url, tokens: c.tokens, id: c.tickets(b, me, 1)[0]}
		others[i].takeOvers(b, 2, 0) // warm
	}
	var took, ratios []float64
	for range bulkRounds {
		c.bulk(b, ids, map[string]any{"unassign": true})
		began := time.Now()
		busy := beside(b, others, func() { c.bulk(b, ids, map[string]any{"assign": map[string]any{"memberId": me}}) })
		length := time.Since(began)
		quiet := beside(b, others, func() { <-time.After(length) })
		took = append(took, length.Seconds())
		ratios = append(ratios, percentile(busy, 0.99)/percentile(quiet, 0.99))
	}
	b.ReportMetric(percentile(took, 0.95), "s-p95")
	b.ReportMetric(report.Median(took), "s-p50")
	b.ReportMetric(report.Median(ratios), "others-p99-ratio")
	b.ReportMetric(0, "ns/op")
}

// tickets are so many that a member owns.
func (c *client) tickets(b *testing.B, owner string, n int) (ids []string) {
	b.Helper()
	for range n {
		data, err := c.ask(c.tokens[1], `mutation($owner: ID!) { createTicket(input: { subject: "Help", contact: { name: "Tom" }, to: { memberId: $owner } }) {
			conversation { id } } }`, map[string]any{"owner": owner})
		require.NoError(b, err)
		var made struct {
			CreateTicket struct{ Conversation struct{ ID string } }
		}
		require.NoError(b, json.Unmarshal(data, &made))
		require.NotEmpty(b, made.CreateTicket.Conversation.ID, string(data))
		ids = append(ids, made.CreateTicket.Conversation.ID)
	}
	return ids
}

// member is the id of the second of the client's people.
func (c *client) member(b *testing.B) string {
	b.Helper()
	data, err := c.ask(c.tokens[1], `{ viewer { member { id } } }`, nil)
	require.NoError(b, err)
	var me struct {
		Viewer struct{ Member struct{ ID string } }
	}
	require.NoError(b, json.Unmarshal(data, &me))
	return me.Viewer.Member.ID
}

// bulk makes one call, again with its key until all is done: a machine with much else to do
// may leave some.
func (c *client) bulk(b *testing.B, ids []string, verb map[string]any) {
	b.Helper()
	items := make([]map[string]any, len(ids))
	for i, id := range ids {
		items[i] = map[string]any{"conversationId": id}
	}
	c.turn++
	variables := map[string]any{"items": items, "verb": verb, "key": fmt.Sprint("bulk ", c.turn)}
	var got struct {
		ActOnConversations struct{ Done, NotTried int }
	}
	for tries := 0; got.ActOnConversations.Done < len(ids); tries++ {
		data, err := c.ask(c.tokens[1], `mutation($items: [BulkItem!]!, $verb: BulkVerb!, $key: String) {
			actOnConversations(input: { selection: { ids: $items }, verb: $verb, idempotencyKey: $key }) { done notTried results { outcome event { id } } } }`,
			variables)
		require.NoError(b, err)
		require.NoError(b, json.Unmarshal(data, &got))
		require.True(b, tries == 0 || got.ActOnConversations.NotTried > 0 || got.ActOnConversations.Done == len(ids), string(data))
	}
}

// beside lets the others work until do has returned, and gives how long each of their
// requests took from the time when it was due.
func beside(b *testing.B, others []*client, do func()) (all []float64) {
	b.Helper()
	ended := make(chan struct{})
	var working sync.WaitGroup
	var mu sync.Mutex
	var failed error
	for _, c := range others {
		working.Go(func() {
			times, err := c.steady(ended)
			mu.Lock()
			defer mu.Unlock()
			all = append(all, times...)
			if err != nil {
				failed = err
			}
		})
	}
	do()
	close(ended)
	working.Wait()
	require.NoError(b, failed)
	return all
}

// steady takes over and reads lists, at a rate that does not depend on the answers.
func (c *client) steady(ended <-chan struct{}) (all []float64, err error) {
	due := time.Now()
	for n := 0; err == nil; n++ {
		select {
		case <-ended:
			return all, nil
		case <-time.After(time.Until(due)):
		}
		if n%4 == 0 {
			_, err = c.ask(c.tokens[c.turn%2], takeOver, map[string]any{"id": c.id})
			c.turn++
		} else {
			_, err = c.ask(c.tokens[0], `{ conversations(first: 20) { nodes { id subject assignee { name } } } }`, nil)
		}
		all = append(all, time.Since(due).Seconds())
		due = due.Add(otherPause)
	}
	return all, err
}

// percentile is the value below which that share of all is.
func percentile(all []float64, share float64) float64 {
	slices.Sort(all)
	return all[min(len(all)-1, int(share*float64(len(all))))]
}
