package fanout

// states are the newest revisions in which a replay showed things. A replay reads them when
// it tells what was missed, and the group may have read them before that, for an item that
// waits or that it is about to deliver: to show that item now would go back. B:V8b
type states map[string]int

// note adds what an item shows.
func (s states) note(one item) {
	if one.of != "" {
		s[one.of] = max(s[one.of], one.revision)
	}
}

// newer reports whether the replay showed something in a newer state than one does.
func (s states) newer(one item) bool { return one.of != "" && s[one.of] > one.revision }
