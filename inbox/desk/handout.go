package desk

import (
	"context"
	"errors"
	"sync"

	"switchboard/inbox"
)

// maxMet is how often another server may be met before the queue is left to it;
// maxOutchosen is how many conversations may lose too many choices, which closing
// and claiming cause as well.
const (
	maxMet       = 3
	maxOutchosen = 12
)

// handOut gives several conversations of a queue at once.
type handOut struct {
	service *Queues
	by      inbox.Principal
	running sync.WaitGroup
	done    chan struct{} // one for each that ended
	begun   int           // that were not waited for yet
	ahead   bool          // the first has ended and met nobody

	mu        sync.Mutex
	losers    map[inbox.ConversationID]struct{} // of a choice, under way with the next
	back      []inbox.Conversation              // that lost too many
	outchosen int                               // how many lost too many
	met       int                               // how often another server was at one of them
	nobody    bool                              // is free for the next
	skipped   bool                              // the only free members passed one on
	err       error
}

func (s *Queues) newHandOut(by inbox.Principal) *handOut {
	return &handOut{service: s, by: by, done: make(chan struct{}, s.hands), losers: map[inbox.ConversationID]struct{}{}}
}

// room is how many more may be given at once. The first goes ahead: where
// another server is at it, none of the rest need be fought for.
func (h *handOut) room() int {
	if !h.ahead {
		return 1 - h.begun
	}
	return h.service.hands - h.begun
}

// give begins to assign each of due to the member whom the method chooses. Choices
// are made one after the other, the longest waiting first; the commits may overlap.
func (h *handOut) give(ctx context.Context, due []inbox.Conversation) {
	for _, c := range due {
		if h.over() {
			return
		}
		chosen := make(chan struct{})
		h.begun++
		h.running.Go(func() {
			h.note(c, h.service.drainOne(ctx, h.by, c, sync.OnceFunc(func() { close(chosen) }), func() { h.lose(c) }))
			h.done <- struct{}{}
		})
		<-chosen
	}
}

// wait waits until one more has ended; false when none is under way.
func (h *handOut) wait() bool {
	if h.begun == 0 {
		return false
	}
	<-h.done
	h.begun--
	h.ahead = h.ahead || !h.over()
	return true
}

func (h *handOut) lose(c inbox.Conversation) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.losers[c.ID] = struct{}{}
}

// choosingAgain is how many under way lost a choice.
func (h *handOut) choosingAgain() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.losers)
}

func (h *handOut) takeBack() []inbox.Conversation {
	h.mu.Lock()
	defer h.mu.Unlock()
	back := h.back
	h.back = nil
	return back
}

func (h *handOut) note(c inbox.Conversation, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.losers, c.ID)
	switch {
	case err == nil:
	case errors.Is(err, errNobody) && c.Left:
		h.skipped = true
	case errors.Is(err, errNobody):
		h.nobody = true
	case errors.Is(err, errOutchosen):
		h.back = append(h.back, c)
		h.outchosen++
	case errors.Is(err, errElsewhere):
		h.met++
	default:
		h.err = errors.Join(h.err, err)
	}
}

// over reports whether the rest has to wait.
func (h *handOut) over() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.met > 0 && !h.ahead || h.met > maxMet || h.outchosen > maxOutchosen || h.nobody || h.err != nil
}

// drained is how it ended; atEnd says that none is left to be given.
func (h *handOut) drained(atEnd bool) (Drained, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.err != nil:
		return DrainedBlocked, h.err
	case h.met > 0, h.outchosen > maxOutchosen:
		return DrainedElsewhere, nil
	case h.nobody, h.skipped, !atEnd:
		return DrainedBlocked, nil
	}
	return DrainedEmpty, nil
}
