package histcheck

import "switchboard/inbox"

// counts is how far a conversation had counted.
type counts struct{ revision, said, publicly int }

// ordered checks that revisions grow from event to event, and that the messages of a
// conversation are numbered in that order, without gaps. B:V8a, B:V8b
func (c *checker) ordered(e inbox.Event) {
	if e.After == nil || e.Conversation == "" {
		return
	}
	before := c.counts[e.Conversation]
	if e.After.Revision <= before.revision {
		c.fault(Order, e, "revision %d follows revision %d", e.After.Revision, before.revision)
	}
	want := inbox.Conversation{MessageCount: before.said, PublicMessageCount: before.publicly}
	for _, m := range e.Messages {
		due := []inbox.Message{m}
		if want = want.Number(due); m.Sequence != due[0].Sequence || m.PublicSequence != due[0].PublicSequence {
			c.fault(Order, e, "message %q is number %d, publicly %d, where %d and %d are due", m.ID, m.Sequence, m.PublicSequence, due[0].Sequence, due[0].PublicSequence)
		}
	}
	if e.After.MessageCount != want.MessageCount || e.After.PublicMessageCount != want.PublicMessageCount {
		c.fault(Order, e, "%d messages are counted, %d of them public, where there are %d and %d", e.After.MessageCount, e.After.PublicMessageCount, want.MessageCount, want.PublicMessageCount)
	}
	c.counts[e.Conversation] = counts{e.After.Revision, e.After.MessageCount, e.After.PublicMessageCount}
}
