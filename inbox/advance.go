package inbox

// Advanced is c after e, an event of the same conversation that was committed
// later or that c already includes: it never goes back to an older state. A
// message does not move the version, and its event may show the ownership from
// before a change that was committed first.
func (c Conversation) Advanced(e Event) Conversation {
	after := *e.After
	switch {
	case after.Version > c.Version, after.Version == c.Version && !after.LastActivityAt.Before(c.LastActivityAt):
		return after
	case e.Type == MessageEvent && !after.LastActivityAt.Before(c.LastActivityAt):
		c.LastMessage, c.LastActivityAt, c.AwaitingReplySince = after.LastMessage, after.LastActivityAt, after.AwaitingReplySince
	}
	return c
}
