package document

import "switchboard/inbox"

// StateOf is the stored form of the state of c, without what follows from it.
func StateOf(c inbox.Conversation) ConversationState { return stateOf(c) }

// FacetsOf returns the facets that are stored with c.
func FacetsOf(c inbox.Conversation) []Facet { return storedFacets(c) }
