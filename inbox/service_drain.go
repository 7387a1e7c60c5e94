package inbox

// Due reports whether the rules may hand c out: it waits, and not because
// somebody let go of it. B:Q8.
func (c Conversation) Due() bool { return c.Waiting() && !c.UpForGrabs }
