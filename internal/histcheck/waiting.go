package histcheck

import (
	"time"

	"switchboard/inbox"
)

// line is one queue of those whom the rules may give away.
type line struct {
	// since has who waits, and from when.
	since map[inbox.ConversationID]time.Time
	// passed are those whom a member passed on, and who do not go back to that
	// member: for them a second member must be free.
	passed map[inbox.ConversationID]bool
	// told are those found to wait too long, who are told of once.
	told map[inbox.ConversationID]bool
	// free is since when one member, or two, could be given something without a
	// break; zero while nobody can.
	free [2]time.Time
}

// wait puts the conversation of e into the queue where it is due, or takes it out.
func (c *checker) wait(e inbox.Event) {
	for _, l := range c.queues {
		delete(l.since, e.Conversation)
		delete(l.passed, e.Conversation)
	}
	if q, due := e.Waits(); due {
		l := c.queues[q]
		if l == nil {
			l = &line{since: map[inbox.ConversationID]time.Time{}, passed: map[inbox.ConversationID]bool{}, told: map[inbox.ConversationID]bool{}}
			c.queues[q] = l
		}
		l.since[e.Conversation] = c.now
		l.passed[e.Conversation] = e.To.Left
	}
}

// observeQueues notes since when somebody is free for each queue.
func (c *checker) observeQueues() {
	if c.Patience == 0 {
		return
	}
	for q, l := range c.queues {
		free := 0
		if len(l.since) > 0 {
			free = c.freeFor(q)
		}
		for n := range l.free {
			switch {
			case free <= n:
				l.free[n] = time.Time{}
			case l.free[n].IsZero():
				l.free[n] = c.now
			}
		}
	}
}

// freeFor is how many members could be given something of q now.
func (c *checker) freeFor(q inbox.Queue) int {
	a := c.access()
	rules := c.directory.Workspace.Rules
	if method, _ := a.MethodFor(q.Team); method == inbox.Voluntary || !rules.Routes(q.Kind) {
		return 0
	}
	free := 0
	for _, m := range a.Eligible(q.Kind, q.Team) {
		if c.loads[m.ID].Used(rules.CountedKinds()) < a.CapFor(m, q.Team) {
			free++
		}
	}
	return free
}

// tooLong tells of those who waited longer than Patience up to now, while
// somebody was free all the time. B:Q8
func (c *checker) tooLong(e inbox.Event) {
	for _, l := range c.queues {
		for id, since := range l.since {
			free := l.free[0]
			if l.passed[id] {
				free = l.free[1]
			}
			if free.IsZero() || l.told[id] {
				continue
			}
			if free.After(since) {
				since = free
			}
			if waited := c.now.Sub(since); waited > c.Patience && c.Patience > 0 {
				l.told[id] = true
				c.fault(Waiting, inbox.Event{Conversation: id, ID: e.ID}, "it waited %v while somebody was free", waited)
			}
		}
	}
}
