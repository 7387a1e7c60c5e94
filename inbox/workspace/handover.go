package workspace

import (
	"maps"
	"slices"
)

// Handovers are the API keys that feed conversations which others began: the key that is
// given them by the key that began them, or by the empty id for conversations that no key
// began. No key is given its own. It is not changed in place.
type Handovers map[KeyID]KeyID

// With are the handovers after what from feeds was given to to: what from began, and what
// others began and from was given.
func (h Handovers) With(from, to KeyID) Handovers {
	next := maps.Clone(h)
	if next == nil {
		next = Handovers{}
	}
	next[from] = to
	for began, given := range next {
		if given == from && from != "" {
			next[began] = to
		}
	}
	if next[to] == to { // it has its own back
		delete(next, to)
	}
	return next
}

// Feeds reports whether a key feeds what another began, or no key did: its own, and what it
// was given. The empty id feeds nothing.
func (h Handovers) Feeds(key, began KeyID) bool {
	return key != "" && (began == key || h[began] == key)
}

// FedBy lists the keys whose conversations a key feeds, sorted, itself among them; the
// empty id stands for conversations that no key began.
func (h Handovers) FedBy(key KeyID) []KeyID {
	out := []KeyID{key}
	for began, given := range h {
		if given == key {
			out = append(out, began)
		}
	}
	slices.Sort(out)
	return out
}
