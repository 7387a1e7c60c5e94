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
	c.offered(e)
	c.last[e.Conversation] = e
	if e.After == nil {
		c.fault(Snapshot, e, "the event has no state after it")
		return
	}
	if a := e.After; a.Ownership != e.To || a.Version != e.Version || a.Epoch != e.Epoch || a.ID != e.Conversation {
		c.fault(Snapshot, e, "it says version %d, epoch %d, %+v and leaves version %d, epoch %d, %+v", e.Version, e.Epoch, e.To, a.Version, a.Epoch, a.Ownership)
	}
	c.move(e, before.After)
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

// move counts loads by the conversation's own history, from was, and checks the
// cap where the rules gave something, or a team's offer reserved it. B:Q6, B:T6
func (c *checker) move(e inbox.Event, was *inbox.Conversation) {
	before := *e.After
	before.Ownership, before.Offer = inbox.Ownership{}, inbox.Offer{}
	if e.Kind != inbox.EventCreated {
		before.Ownership = e.From
	}
	if was != nil {
		before.Offer = was.Offer
	}
	rules := c.directory.Workspace.Rules
	counts := slices.Contains(rules.CountedKinds(), e.After.Kind)
	for _, l := range inbox.LoadChanges(before, *e.After) {
		c.add(l)
		if counts && l.Delta > 0 && e.To.Automatic {
			c.automatic[l.Member]++
			if gave(e) {
				c.capped(e, l.Member, e.To.Team)
			}
		}
		if counts && l.Reserved > 0 && e.After.Offer.Team != "" {
			c.capped(e, l.Member, e.After.Offer.Team)
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
		load.ReservedTickets += l.Reserved
	} else {
		load.Livechats += l.Delta
		load.ReservedLivechats += l.Reserved
	}
	c.loads[l.Member] = load
}

// capped checks that what the rules gave to a member for a team is within the cap, with what
// is reserved.
func (c *checker) capped(e inbox.Event, m workspace.MemberID, team workspace.TeamID) {
	limit := access.CapFor(c.access(), c.directory.Members[m], team)
	if used := c.loads[m].Used(c.directory.Workspace.Rules.CountedKinds()); used > limit || c.automatic[m] > limit {
		c.fault(Cap, e, "%q holds %d with what is reserved, %d of them given by the rules, and the cap is %d",
			m, used, c.automatic[m], limit)
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
		if e.After != nil && !s.Offer.Same(e.After.Offer) {
			left := e.After.Offer
			c.fault(Stored, e, "stored is offer %q, %s, and its last event left %q, %s",
				s.Offer.ID, s.Offer.Status, left.ID, left.Status)
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

// recounted compares the counters with what is stored as owned.
func (c *checker) recounted() {
	owned := map[workspace.MemberID]workspace.Load{}
	for _, s := range c.Conversations {
		m, l := s.CountsFor(), owned[s.CountsFor()]
		if s.Kind == workspace.Ticket {
			l.Tickets++
		} else {
			l.Livechats++
		}
		owned[m] = l
	}
	delete(owned, "")
	members := maps.Clone(owned)
	maps.Copy(members, c.Loads)
	for _, m := range slices.Sorted(maps.Keys(members)) {
		if want, got := owned[m], c.Loads[m]; want.Livechats != got.Livechats || want.Tickets != got.Tickets {
			c.fault(Count, inbox.Event{}, "%q has %d chats and %d tickets stored, and is counted with %d and %d",
				m, want.Livechats, want.Tickets, got.Livechats, got.Tickets)
		}
	}
}
