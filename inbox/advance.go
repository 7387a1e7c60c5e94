package inbox

// Advanced is the newer of two states of one conversation: c, and the one that e
// left. Events of servers that did not count revisions are compared by version
// and time: a message does not move the version, and the event of one may show
// the ownership from before a change that was committed first.
func (c Conversation) Advanced(e Event) Conversation {
	after := *e.After
	if c.Revision > 0 && after.Revision > 0 {
		if after.Revision < c.Revision {
			return c
		}
		return after
	}
	switch {
	case after.Version > c.Version, after.Version == c.Version && !after.LastActivityAt.Before(c.LastActivityAt):
		return after
	case e.Type == MessageEvent && !after.LastActivityAt.Before(c.LastActivityAt):
		c.LastMessage, c.LastActivityAt, c.AwaitingReplySince = after.LastMessage, after.LastActivityAt, after.AwaitingReplySince
	}
	return c
}
