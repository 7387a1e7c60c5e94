package hostile

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
)

// Honest are people who use the API as the pages do: half of them are visitors who
// chat, the others are members who read lists and chats. Each has a subscription
// all the time.
type Honest struct {
	API *API
	// People is their number, Desk the tokens of members, in turn, and Starter
	// begins the chats.
	People  int
	Desk    []string
	Starter Starter
	// Think is the longest pause of a person between two requests.
	Think time.Duration

	Counts Counts
	mu     sync.Mutex
	times  map[string][]time.Duration
}

const (
	readDesk = `{ conversations(first: 20) { nodes { id subject status handler lastMessage { preview } } } }`
	readWho  = `{ viewer { member { id name } } inboxCounts(views: [{list: ALL}, {list: UNASSIGNED}]) { __typename } }`
	changes  = `subscription { assignmentEvents { cursor gap node { id kind } } }`
)

// Run lets all of them work until ctx ends. Requests under way are finished.
func (h *Honest) Run(ctx context.Context) error {
	var all sync.WaitGroup
	defer all.Wait()
	for i := range h.People {
		if i%2 == 1 {
			token := h.Desk[i/2%len(h.Desk)]
			all.Go(func() { h.work(ctx, token, changes, nil, h.sitting(token)) })
			continue
		}
		c, err := h.API.start(context.WithoutCancel(ctx), h.Starter)
		if err != nil {
			return err
		}
		all.Go(func() { h.work(ctx, c.token, updates, Object{"id": c.id}, h.chatting(c)) })
	}
	return nil
}

// request is one thing that a person asks for.
type request struct {
	what, token, query string
	variables          Object
}

func (h *Honest) chatting(c chat) []request {
	return []request{
		{"send", c.token, sendText, Object{"input": Object{"conversationId": c.id, "body": "Where is my parcel, please? It was to come yesterday."}}},
		{"read", c.token, readChat, Object{"id": c.id}},
	}
}

func (h *Honest) sitting(token string) []request {
	return []request{{"list", token, readDesk, nil}, {"count", token, readWho, nil}}
}

func (h *Honest) work(ctx context.Context, token, stream string, variables Object, requests []request) {
	listening := make(chan struct{})
	streaming, stop := context.WithCancel(context.WithoutCancel(ctx))
	go func() { defer close(listening); h.listen(streaming, token, stream, variables) }()
	defer func() { stop(); <-listening }()
	for i := 0; ; i++ {
		select {
		case <-ctx.Done():
			return
		case <-time.After(h.Think/2 + rand.N(h.Think/2)): // a pause needs no secret
		}
		one := requests[i%len(requests)]
		began := time.Now()
		a, err := h.API.ask(context.WithoutCancel(ctx), one.token, one.query, one.variables)
		h.note(one.what, time.Since(began), a, err)
	}
}

func (h *Honest) note(what string, took time.Duration, a answer, err error) {
	if err != nil {
		h.Counts.add(what, "fault "+err.Error())
		return
	}
	h.Counts.add(what, a.code())
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.times == nil {
		h.times = map[string][]time.Duration{}
	}
	h.times[what] = append(h.times[what], took)
}

// listen counts an end that the person did not ask for.
func (h *Honest) listen(ctx context.Context, token, query string, variables Object) {
	conn, err := h.API.socket(ctx, token)
	if err == nil {
		defer func() { _ = conn.CloseNow() }()
		err = subscribe(ctx, conn, "1", query, variables)
	}
	for err == nil {
		var m message
		if err = wsjson.Read(ctx, conn, &m); err != nil {
			break
		}
		switch m.Type {
		case "ping":
			err = wsjson.Write(ctx, conn, message{Type: "pong"})
		case "next":
			h.Counts.add("stream", "OK")
		case "error", "complete":
			h.Counts.add("stream", m.Type+" "+string(m.Payload))
		}
	}
	if ctx.Err() == nil {
		h.Counts.add("stream", "ended "+websocket.CloseStatus(err).String())
	}
}

// Times are how long the requests took so far that were answered, by what was asked:
// "send", "read", "list" and "count".
func (h *Honest) Times() map[string][]time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	all := make(map[string][]time.Duration, len(h.times))
	for what, times := range h.times {
		all[what] = slices.Clone(times)
	}
	return all
}

// Failures are the outcomes that no honest person should see.
func (h *Honest) Failures() map[string]int {
	bad := h.Counts.All()
	for _, good := range []string{"send OK", "read OK", "list OK", "count OK", "stream OK"} {
		delete(bad, good)
	}
	return bad
}
