package feed

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"sync"
	"time"

	port "switchboard/inbox/feed"
)

const (
	// abreastPause is how far apart bulletins are sent at least: all who ask meanwhile share
	// the next one. abreastAgain is after how long one that was not heard is sent again.
	abreastPause = 50 * time.Millisecond
	abreastAgain = time.Second
	// abreastMark begins these bulletins. Marks of people are JSON, which does not.
	abreastMark = "abreast "
)

// Abreast finds out when this server's feed has told everything that was committed before
// a call. It sends a bulletin to itself, which the feed brings behind all that: a server
// that is behind others hears it late. It is safe for concurrent use.
type Abreast struct {
	bulletins port.Bulletins
	name      string // in front of its bulletins
	sending   chan struct{}

	mu sync.Mutex
	// sent and heard are the numbers of the last bulletin that was begun to be sent, and of
	// the last one that came back; sentAt is when it was begun.
	sent, heard uint64
	sentAt      time.Time
	news        chan struct{} // closed when heard moves
}

// NewAbreast makes one for the server, whose name no other server has.
func NewAbreast(bulletins port.Bulletins, server string) *Abreast {
	return &Abreast{
		bulletins: bulletins, name: abreastMark + server + " ",
		sending: make(chan struct{}, 1), news: make(chan struct{}),
	}
}

// Hear takes what the feed brought, and reports whether it was a bulletin of this kind, of
// any server: nobody else can read it.
func (a *Abreast) Hear(bulletin []byte) bool {
	if !bytes.HasPrefix(bulletin, []byte(abreastMark)) {
		return false
	}
	number, own := bytes.CutPrefix(bulletin, []byte(a.name))
	n, err := strconv.ParseUint(string(number), 10, 64)
	if !own || err != nil {
		return true
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if n > a.heard {
		a.heard = n
		close(a.news)
		a.news = make(chan struct{})
	}
	return true
}

// Wait waits until the feed has told everything that was committed before the call. The
// only error is the cause of a ctx that ended: a bulletin that is lost, or cannot be
// written, is sent again.
func (a *Abreast) Wait(ctx context.Context) error {
	a.mu.Lock()
	need := a.sent + 1 // those before were sent before the call
	a.mu.Unlock()
	for {
		heard, news := a.state(need)
		if heard {
			return nil
		}
		select {
		case a.sending <- struct{}{}:
			err := a.send(ctx, need)
			<-a.sending
			if err != nil {
				return err
			}
		case <-news:
			continue
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		again := time.NewTimer(abreastAgain)
		select {
		case <-news:
		case <-again.C:
		case <-ctx.Done():
		}
		again.Stop()
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
	}
}

func (a *Abreast) state(need uint64) (heard bool, news <-chan struct{}) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.heard >= need, a.news
}

// send sends the next bulletin, unless one that is new enough was sent just now. Its error
// is the cause of a ctx that ended.
func (a *Abreast) send(ctx context.Context, need uint64) error {
	a.mu.Lock()
	since := time.Since(a.sentAt)
	underWay := a.heard >= need || a.sent >= need && since < abreastAgain
	a.mu.Unlock()
	if underWay {
		return nil
	}
	pause := time.NewTimer(abreastPause - since)
	defer pause.Stop()
	select {
	case <-pause.C:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	a.mu.Lock()
	a.sent++
	n := a.sent
	a.sentAt = time.Now()
	a.mu.Unlock()
	sending, cancel := context.WithTimeout(ctx, abreastAgain)
	defer cancel()
	_ = a.bulletins.SendBulletin(sending, fmt.Append(nil, a.name, n)) // what was not heard is sent again
	return nil
}
