package histcheck

import (
	"maps"
	"slices"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// line is one queue of contacts whose conversations the rules may assign.
type line struct {
	// people are the waiting contacts.
	people map[inbox.ConversationID]*person
	order  []*person // the longest waiting first
}

// person is one waiting contact.
type person struct {
	id    inbox.ConversationID
	since time.Time
	// former is the member who passed the conversation on, and does not get it
	// back; empty for none.
	former workspace.MemberID
	// taken is when the rules took it from former, who gets it back after coming ONLINE
	// again; zero if former gave it up.
	taken time.Time
	// due is since when there is a slot for the person, and for all before them in
	// the line; zero while there is none.
	due  time.Time
	told bool // was found to wait too long
}

func (l *line) leave(id inbox.ConversationID) {
	if p := l.people[id]; p != nil {
		delete(l.people, id)
		l.order = slices.DeleteFunc(l.order, func(o *person) bool { return o == p })
	}
}

func (l *line) enter(p *person) {
	l.people[p.id] = p
	at := len(l.order)
	for at > 0 && l.order[at-1].since.After(p.since) {
		at--
	}
	l.order = slices.Insert(l.order, at, p)
}

// wait puts the conversation of e into the queue where it is due, or takes it out.
func (c *checker) wait(e inbox.Event) {
	for _, l := range c.queues {
		l.leave(e.Conversation)
	}
	q, due := e.DueQueue()
	if !due {
		return
	}
	if c.queues[q] == nil {
		c.queues[q] = &line{people: map[inbox.ConversationID]*person{}}
	}
	p := &person{id: e.Conversation, since: e.To.WaitingSince}
	if e.To.Left {
		p.former = e.After.FormerAssignee
	}
	if e.Kind == inbox.EventReclaimed {
		p.taken = e.At
	}
	c.queues[q].enter(p)
}

// observeQueues records which contacts have a slot: with n slots the first n of the
// queue. Those behind wait for others to finish, however busy the desk is.
func (c *checker) observeQueues() {
	for q, l := range c.queues {
		if len(l.order) == 0 {
			continue
		}
		slots := c.slotsFor(q)
		all := 0
		for n := range maps.Values(slots) {
			all += n
		}
		for n, p := range l.order {
			switch {
			case n >= all-slots[c.barred(p)]:
				p.due = time.Time{}
			case p.due.IsZero():
				p.due = c.now
			}
		}
	}
}

// barred is the member who does not get what p waits with; empty for none. B:R1
func (c *checker) barred(p *person) workspace.MemberID {
	if !p.taken.IsZero() && c.directory.Members[p.former].OnlineSince.After(p.taken) {
		return ""
	}
	return p.former
}

// slotsFor is how much more of q each member could be given now.
func (c *checker) slotsFor(q inbox.Queue) map[workspace.MemberID]int {
	a := c.access()
	rules := c.directory.Workspace.Rules
	if method, _ := access.MethodFor(a, q.Team); method == workspace.Voluntary || !rules.Routes(q.Kind) {
		return nil
	}
	slots := map[workspace.MemberID]int{}
	for _, m := range access.Eligible(a, q.Kind, q.Team) {
		if n := access.CapFor(a, m, q.Team) - c.loads[m.ID].Used(rules.CountedKinds()); n > 0 {
			slots[m.ID] = n
		}
	}
	return slots
}

// tooLong reports contacts who waited longer than Patience up to now, while there
// was a slot for them all the time. B:Q8
func (c *checker) tooLong(e inbox.Event) {
	for _, l := range c.queues {
		for _, p := range l.order {
			if p.due.IsZero() {
				continue
			}
			waited := c.now.Sub(p.due)
			c.longest = max(c.longest, waited)
			if c.Patience > 0 && waited > c.Patience && !p.told {
				p.told = true
				c.fault(Waiting, inbox.Event{Conversation: p.id, ID: e.ID}, "it waited %v while somebody was free", waited)
			}
		}
	}
}
