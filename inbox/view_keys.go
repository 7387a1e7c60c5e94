package inbox

import "slices"

// Key is something that many views ask for, by which listeners are found
// without asking each: to be owned by somebody, to be of a team, to wait. A view
// names the keys of which every conversation in it has one at least.
type Key string

// Everything is the key of all conversations, Nothing that of none.
const (
	Everything Key = "all"
	Nothing    Key = "none"
)

func ownedKey(m MemberID) Key      { return "member:" + Key(m) }
func teamKey(t TeamID) Key         { return "team:" + Key(t) }
func unassignedKey(t TeamID) Key   { return "unassigned:" + Key(t) }
func queueKey(t TeamID) Key        { return "queue:" + Key(t) }
func contactKey(c ContactID) Key   { return "contact:" + Key(c) }
func originAgentKey(a AgentID) Key { return "agent:" + Key(a) }
func starsKey(m string) Key        { return "stars:" + Key(m) }

const (
	unassignedEverywhere Key = "unassigned"
	queuedEverywhere     Key = "queued"
	adriftKey            Key = "adrift"
)

// Keys are those of the conversation before and after e, each once. Those of a star
// are its member's alone. There are none for a change of the directory, which
// concerns everybody.
func (e Event) Keys() []Key {
	if e.Type == StarEvent {
		return []Key{starsKey(e.Actor.ID)}
	}
	if e.After == nil {
		return nil
	}
	before, existed := e.Before()
	keys := e.After.keys()
	if existed && (before.Ownership != e.After.Ownership || before.Contact != e.After.Contact) {
		keys = append(keys, before.keys()...)
		slices.Sort(keys)
		keys = slices.Compact(keys)
	}
	return keys
}

func (c Conversation) keys() []Key {
	keys := append(make([]Key, 0, 16), Everything, contactKey(c.Contact))
	if c.OriginAgent != "" {
		keys = append(keys, originAgentKey(c.OriginAgent))
	}
	switch {
	case c.Owned():
		keys = append(keys, ownedKey(c.Assignee))
	case c.Status != Closed:
		keys = append(keys, unassignedEverywhere, unassignedKey(c.Team))
	}
	switch {
	case c.Team != "":
		keys = append(keys, teamKey(c.Team))
	case !c.Owned():
		keys = append(keys, adriftKey)
	}
	if c.Waiting() {
		keys = append(keys, queuedEverywhere, queueKey(c.Team))
	}
	return keys
}

// Keys are such that whatever the view holds for somebody with reach r has one
// of them: the fewest that can be told cheaply. None for a view that can hold
// nothing.
func (v View) Keys(r Reach) []Key {
	keys := v.conversationKeys(r)
	if v.Starred && r.Member != "" {
		keys = append(keys, starsKey(string(r.Member)))
	}
	return keys
}

func (v View) conversationKeys(r Reach) []Key {
	switch {
	case v.List == ListMine && r.Member == "", v.Starred && r.Member == "":
		return nil
	case v.List == ListMine:
		return []Key{ownedKey(r.Member)}
	case named(v.Assignees):
		return keysOf(v.Assignees, ownedKey)
	case v.List == ListUnassigned:
		return v.poolKeys(r, unassignedEverywhere, unassignedKey)
	case v.List == ListQueued:
		return v.poolKeys(r, queuedEverywhere, queueKey)
	case named(v.Teams):
		return keysOf(v.Teams, teamKey)
	case v.List == ListMyTeams:
		return keysOf(r.Teams, teamKey)
	case len(v.Contacts) > 0:
		return keysOf(v.Contacts, contactKey)
	case named(v.OriginAgents):
		return keysOf(v.OriginAgents, originAgentKey)
	}
	return r.keys()
}

// poolKeys are those of what nobody owns, in the teams that matter.
func (v View) poolKeys(r Reach, everywhere Key, of func(TeamID) Key) []Key {
	switch {
	case len(v.Teams) > 0:
		return keysOf(v.Teams, of)
	case r.everywhere(), r.Member == "":
		return []Key{everywhere}
	}
	return append(keysOf(r.Teams, of), of(""))
}

// keys are those of what r reaches at all.
func (r Reach) keys() []Key {
	switch {
	case r.everywhere():
		return []Key{Everything}
	case r.Agent != "":
		return []Key{originAgentKey(r.Agent)}
	case r.Member == "":
		return nil
	}
	keys := append(keysOf(r.Teams, teamKey), keysOf(r.Teammates, ownedKey)...)
	keys = append(keys, adriftKey, ownedKey(r.Member))
	slices.Sort(keys)
	return slices.Compact(keys)
}

// everywhere reports whether r reaches beyond teams for some kind, or is not
// told by scopes.
func (r Reach) everywhere() bool {
	return r.Conversation != "" || r.widest() == ScopeAll
}

func (r Reach) widest() Scope {
	widest := ScopeNone
	for _, scope := range r.Scopes {
		widest = max(widest, scope)
	}
	return widest
}

// named reports whether ids name somebody each, so that they are keys.
func named[T ~string](ids []T) bool { return len(ids) > 0 && !slices.Contains(ids, "") }

func keysOf[T any](ids []T, of func(T) Key) []Key {
	keys := make([]Key, 0, len(ids)+2)
	for _, id := range ids {
		keys = append(keys, of(id))
	}
	return keys
}
