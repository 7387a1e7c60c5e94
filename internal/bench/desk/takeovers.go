package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

const takeOver = `{"query":"mutation { takeOverConversation(input: {conversationId: \"%s\"}) ` +
	`{ conversation { id version } userErrors { code message } } }"}`

// offer has people take conversations over at a rate for a time, each by somebody who
// does not own it, and returns how many succeeded.
func (d *desk) offer(
	ctx context.Context, addr string, turn *int, rate float64, lasting time.Duration,
) (done int, err error) {
	var running sync.WaitGroup
	var succeeded atomic.Int64
	var refused atomic.Pointer[string]
	ticks := time.NewTicker(time.Duration(float64(time.Second) / rate))
	defer ticks.Stop()
	for range int(rate * lasting.Seconds()) {
		select {
		case <-ticks.C:
		case <-ctx.Done():
			return 0, ctx.Err()
		}
		token, conversation := d.next(*turn)
		*turn++
		running.Go(func() {
			if said := post(ctx, addr, token, fmt.Sprintf(takeOver, conversation)); said != "" {
				refused.CompareAndSwap(nil, &said)
				return
			}
			succeeded.Add(1)
		})
	}
	running.Wait()
	if why := refused.Load(); why != nil && succeeded.Load() == 0 {
		return 0, fmt.Errorf("no takeover succeeded: %s", *why)
	}
	return int(succeeded.Load()), nil
}

// next is the conversation of a turn with somebody who takes it over: each time that
// the conversation comes round, another.
func (d *desk) next(turn int) (token, conversation string) {
	c := turn % len(d.conversations)
	w, i, round := c/conversationsEach, c%conversationsEach, turn/len(d.conversations)
	return d.tokens[w*d.each+(i+1+round)%d.each], d.conversations[c]
}

// post sends a mutation and returns what is wrong with the answer.
func post(ctx context.Context, addr, token, body string) string {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+addr+"/graphql", bytes.NewReader([]byte(body)))
	if err != nil {
		return err.Error()
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err.Error()
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil || !bytes.Contains(data, []byte(`"userErrors":[]`)) {
		return fmt.Sprint(string(data), err)
	}
	return ""
}
