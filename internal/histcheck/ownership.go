package histcheck

import (
	"maps"
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// ownership replays one ownership event.
func (c *checker) ownership(e inbox.Event) {
	before, existed := c.last[e.Conversation]
	if existed && before.ID == e.ID {
		return // reported already as a duplicate
	}
	c.follows(e, before, existed)
	c.last[e.Conversation] = e
	if e.After == nil {
		c.fault(Snapshot, e, "the event has no state after it")
		return
	}
	if a := e.After; a.Ownership != e.To || a.Version != e.Version || a.Epoch != e.Epoch || a.ID != e.Conversation {
		c.fault(Snapshot, e, "it says version %d, epoch %d, %+v and leaves version %d, epoch %d, %+v", e.Version, e.Epoch, e.To, a.Version, a.Epoch, a.Ownership)
	}
	c.move(e)
}

// follows checks version, chain and epoch against the event before.
func (c *checker) follows(e, before inbox.Event, existed bool) {
	if e.Version != before.Version+1 {
		c.fault(Gap, e, "version %d follows version %d", e.Version, before.Version)
	}
	if !existed {
		if e.Epoch != 1 {
			c.fault(Epoch, e, "the first epoch is %d", e.Epoch)
		}
		return
	}
	if e.From != before.To {
		c.fault(Chain, e, "it begins with %+v, and event %q ended with %+v", e.From, before.ID, before.To)
	}
	want := before.Epoch
	if e.To.Assignee != before.To.Assignee || e.Kind == inbox.EventReturnedToAI {
		want++
	}
	if e.Epoch != want {
		c.fault(Epoch, e, "the epoch went from %d to %d, the owner from %q to %q", before.Epoch, e.Epoch, before.To.Assignee, e.To.Assignee)
	}
}

// move counts loads by the conversation's own history, and checks the cap where
// the rules gave something. B:Q6
func (c *checker) move(e inbox.Event) {
	before := *e.After
	before.Ownership = inbox.Ownership{}
	if e.Kind != inbox.EventCreated {
		before.Ownership = e.From
	}
	rules := c.directory.Workspace.Rules
	counts := slices.Contains(rules.CountedKinds(), e.After.Kind)
	for _, l := range inbox.LoadChanges(before, *e.After) {
		c.add(l)
		if counts && l.Delta > 0 && e.To.Automatic {
			c.automatic[l.Member]++
			if gave(e) {
				c.capped(e, l.Member)
			}
		}
		if counts && l.Delta < 0 && e.From.Automatic {
			c.automatic[l.Member]--
		}
	}
	c.wait(e)
}

// gave reports whether the rules gave the conversation by e, if they are known to
// have chosen its owner: a person who takes one back, or sets a closed ticket to
// open, restores the owner whom the rules chose before. The cap does not bind
// people. B:Q10
func gave(e inbox.Event) bool {
	opened := e.From.Assignee == e.To.Assignee && len(e.Messages) == 0
	return e.Kind != inbox.EventUndone && !opened
}

func (c *checker) add(l inbox.LoadChange) {
	load := c.loads[l.Member]
	if l.Kind == workspace.Ticket {
		load.Tickets += l.Delta
	} else {
		load.Livechats += l.Delta
	}
	c.loads[l.Member] = load
}

func (c *checker) capped(e inbox.Event, m workspace.MemberID) {
	limit := access.CapFor(c.access(), c.directory.Members[m], e.To.Team)
	if used := c.loads[m].Used(c.directory.Workspace.Rules.CountedKinds()); used > limit || c.automatic[m] > limit {
		c.fault(Cap, e, "%q holds %d, %d of them given by the rules, and the cap is %d", m, used, c.automatic[m], limit)
	}
}

// access is the system's, under the directory of the moment.
func (c *checker) access() access.Access {
	a, _ := access.NewAccess(inbox.Principal{Workspace: c.directory.Workspace.ID, Actor: workspace.System()}, c.directory, c.Policy) // the system is never refused
	return a
}

// stored checks that each conversation is as its last event left it.
func (c *checker) stored() {
	found := map[inbox.ConversationID]bool{}
	for _, s := range c.Conversations {
		found[s.ID] = true
		e, known := c.last[s.ID]
		if !known {
			c.fault(Stored, inbox.Event{Conversation: s.ID}, "it is stored and no event made it")
			continue
		}
		if n := c.counts[s.ID]; s.Revision < n.revision || s.MessageCount != n.said || s.PublicMessageCount != n.publicly {
			c.fault(Stored, e, "stored is revision %d with %d messages, %d public, and its last event left %+v", s.Revision, s.MessageCount, s.PublicMessageCount, n)
		}
		if s.Version != e.Version || s.Epoch != e.Epoch || s.Ownership != e.To {
			c.fault(Stored, e, "stored is version %d, epoch %d, %+v, and its last event left version %d, epoch %d, %+v", s.Version, s.Epoch, s.Ownership, e.Version, e.Epoch, e.To)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(c.last)) {
		if !found[id] {
			c.fault(Stored, c.last[id], "it has events and is not stored")
		}
	}
}

// counted compares the counters with the sum of the events.
func (c *checker) counted() {
	members := maps.Clone(c.loads)
	for m, l := range c.Loads {
		members[m] = l
	}
	for _, m := range slices.Sorted(maps.Keys(members)) {
		want, got := c.loads[m], c.Loads[m]
		if want.Livechats != got.Livechats || want.Tickets != got.Tickets {
			c.fault(Count, inbox.Event{}, "%q owns %d chats and %d tickets, and is counted with %d and %d", m, want.Livechats, want.Tickets, got.Livechats, got.Tickets)
		}
	}
}
