package feed

import "switchboard/inbox/workspace"

// Caller is who comes back, as far as that decides whose turn it is.
type Caller struct {
	Workspace workspace.WorkspaceID
	// Name tells the callers of one workspace apart.
	Name string
	// Visitor is for those of whom anybody may make more: contacts.
	Visitor bool
}

// everybody is the share of all callers together. Each catch-up holds up to two
// change streams, of which services such as Atlas allow few.
var everybody = groupLimit{maxRunning: 8, maxWaiting: 16_384} //nolint:gochecknoglobals // a constant table

// parties are what a caller belongs to, from large to small. No workspace ever
// holds all turns, and its visitors never those of its staff; a visitor holds one
// and waits for few, since a page that follows one chat comes back once.
func (c Caller) parties() []groupLimit {
	workspace := groupLimit{name: string(c.Workspace), maxRunning: 6, maxWaiting: 4_096}
	if c.Visitor {
		return []groupLimit{workspace, {name: "visitors", maxRunning: 2, maxWaiting: 256}, {name: c.Name, maxRunning: 1, maxWaiting: 4}}
	}
	return []groupLimit{workspace, {name: "staff", maxRunning: 6, maxWaiting: 4_096}, {name: c.Name, maxRunning: 2, maxWaiting: 32}}
}

// readers is the share of all who read logs together: as many as there may be streams wait,
// and none is refused.
var readers = groupLimit{maxRunning: 8, maxWaiting: defaultMaxSubscriptions} //nolint:gochecknoglobals // a constant table

// reading are the parties of a caller who reads a log. Of its streams two work at a time,
// for a quarter of the time: however many there are, most of the server is left to others.
func (c Caller) reading() []groupLimit {
	return []groupLimit{
		{name: string(c.Workspace), maxRunning: 6, maxWaiting: defaultMaxSubscriptions},
		{name: c.Name, maxRunning: 2, maxWaiting: defaultMaxSubscriptions, rests: 3},
	}
}
