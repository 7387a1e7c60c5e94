package guard

import "time"

// How long an identity waits whose socket was ended because it was refused too
// often: slowFirst, then twice as long each time up to slowMost. It is forgotten
// slowMemory after that.
const (
	slowFirst  = 10 * time.Second
	slowMost   = 5 * time.Minute
	slowMemory = 10 * time.Minute
	// mostSlowed bounds how many are remembered; more are not slowed down.
	mostSlowed = 10_000
)

// slowed are identities that may not connect for a while. It is not safe for
// concurrent use.
type slowed struct{ by map[string]slowing }

type slowing struct {
	until time.Time
	times int
}

// wait is how long the identity must wait.
func (s *slowed) wait(key string, now time.Time) time.Duration { return s.by[key].until.Sub(now) }

// again makes it wait.
func (s *slowed) again(key string, now time.Time) {
	if len(s.by) >= mostSlowed {
		s.sweep(now)
	}
	one, known := s.by[key]
	if !known && len(s.by) >= mostSlowed {
		return
	}
	if one.until.After(now) {
		return // several sockets at once are one time
	}
	if now.Sub(one.until) > slowMemory {
		one.times = 0
	}
	one.until = now.Add(min(slowFirst<<min(one.times, 10), slowMost))
	one.times++
	s.by[key] = one
}

func (s *slowed) sweep(now time.Time) {
	for key, one := range s.by {
		if now.Sub(one.until) > slowMemory {
			delete(s.by, key)
		}
	}
}
