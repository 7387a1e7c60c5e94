package blackbox_test

import (
	"math/rand/v2"
	"sync"
)

// faultPool is how many conversations are acted on at a time.
const faultPool = 40

// faultKnown is what the clients last heard of the conversations they act on. It
// may be outdated: conflicts are wanted.
type faultKnown struct {
	mu    sync.Mutex
	ids   []string
	state map[string]object
}

func newFaultKnown() *faultKnown { return &faultKnown{state: map[string]object{}} }

// hear notes a conversation as an answer showed it. A new one takes the place of
// an older one when there are enough.
func (k *faultKnown) hear(conversation object) {
	id, _ := conversation["id"].(string)
	if id == "" {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if _, known := k.state[id]; !known {
		if len(k.ids) == faultPool {
			delete(k.state, k.ids[0])
			k.ids = k.ids[1:]
		}
		k.ids = append(k.ids, id)
	}
	k.state[id] = conversation
}

// pick gives one of which wanted holds, or, when there is none and one time in
// four anyhow, any.
func (k *faultKnown) pick(random *rand.Rand, wanted func(object) bool) object {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.ids) == 0 {
		return nil
	}
	from := random.IntN(len(k.ids))
	any := k.state[k.ids[from]]
	if random.IntN(4) == 0 {
		return any
	}
	for i := range k.ids {
		if c := k.state[k.ids[(from+i)%len(k.ids)]]; wanted(c) {
			return c
		}
	}
	return any
}
