package desk

import (
	"context"
	"errors"
	"sync"

	"switchboard/inbox"
)

// maxContended is how often another server may be met before the queue is left to it;
// maxLostRaces is how many conversations may lose too many choices, which closing
// and claiming cause as well.
const (
	maxContended = 3
	maxLostRaces = 12
)

// dispatchBatch gives several conversations of a queue at once.
type dispatchBatch struct {
	service *Queues
	by      inbox.Principal
	running sync.WaitGroup
	done    chan struct{} // one for each that ended
	pending int           // that were not waited for yet
	probed  bool          // the first has ended and met nobody

	mu          sync.Mutex
	retrying    map[inbox.ConversationID]struct{} // of a choice, under way with the next
	returned    []inbox.Conversation              // that lost too many
	lostRaces   int                               // how many lost too many
	contended   int                               // how often another server was at one of them
	noCandidate bool                              // is free for the next
	skipped     bool                              // the only free members passed one on
	err         error
}

func (s *Queues) newDispatchBatch(by inbox.Principal) *dispatchBatch {
	return &dispatchBatch{service: s, by: by, done: make(chan struct{}, s.hands), retrying: map[inbox.ConversationID]struct{}{}}
}

// capacity is how many more may be given at once. The first goes ahead: where
// another server is at it, none of the rest need be fought for.
func (h *dispatchBatch) capacity() int {
	if !h.probed {
		return 1 - h.pending
	}
	return h.service.hands - h.pending
}

// assignAll begins to assign each of due to the member whom the method chooses. Choices
// are made one after the other, the longest waiting first; the commits may overlap.
func (h *dispatchBatch) assignAll(ctx context.Context, due []inbox.Conversation) {
	for _, c := range due {
		if h.stopped() {
			return
		}
		chosen := make(chan struct{})
		h.pending++
		h.running.Go(func() {
			h.record(c, h.service.drainOne(ctx, h.by, c, sync.OnceFunc(func() { close(chosen) }), func() { h.retry(c) }))
			h.done <- struct{}{}
		})
		<-chosen
	}
}

// wait waits until one more has ended; false when none is under way.
func (h *dispatchBatch) wait() bool {
	if h.pending == 0 {
		return false
	}
	<-h.done
	h.pending--
	h.probed = h.probed || !h.stopped()
	return true
}

func (h *dispatchBatch) retry(c inbox.Conversation) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.retrying[c.ID] = struct{}{}
}

// retries is how many under way lost a choice.
func (h *dispatchBatch) retries() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.retrying)
}

func (h *dispatchBatch) takeReturned() []inbox.Conversation {
	h.mu.Lock()
	defer h.mu.Unlock()
	back := h.returned
	h.returned = nil
	return back
}

func (h *dispatchBatch) record(c inbox.Conversation, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.retrying, c.ID)
	switch {
	case err == nil:
	case errors.Is(err, errNoCandidate) && c.Left:
		h.skipped = true
	case errors.Is(err, errNoCandidate):
		h.noCandidate = true
	case errors.Is(err, errLostRaces):
		h.returned = append(h.returned, c)
		h.lostRaces++
	case errors.Is(err, errContended):
		h.contended++
	default:
		h.err = errors.Join(h.err, err)
	}
}

// stopped reports whether the rest has to wait.
func (h *dispatchBatch) stopped() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.contended > 0 && !h.probed || h.contended > maxContended || h.lostRaces > maxLostRaces || h.noCandidate || h.err != nil
}

// result is how it ended; atEnd says that none is left to be given.
func (h *dispatchBatch) result(atEnd bool) (DrainResult, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.err != nil:
		return DrainBlocked, h.err
	case h.contended > 0, h.lostRaces > maxLostRaces:
		return DrainContended, nil
	case h.noCandidate, h.skipped, !atEnd:
		return DrainBlocked, nil
	}
	return DrainEmpty, nil
}
