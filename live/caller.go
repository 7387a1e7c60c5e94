package live

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
var everybody = share{most: 8, room: 16_384} //nolint:gochecknoglobals // a constant table

// parties are what a caller belongs to, from large to small. No workspace ever
// holds all turns, and its visitors never those of its staff; a visitor holds one
// and waits for few, since a page that follows one chat comes back once.
func (c Caller) parties() []share {
	workspace := share{name: string(c.Workspace), most: 6, room: 4_096}
	if c.Visitor {
		return []share{workspace, {name: "visitors", most: 2, room: 256}, {name: c.Name, most: 1, room: 4}}
	}
	return []share{workspace, {name: "staff", most: 6, room: 4_096}, {name: c.Name, most: 2, room: 32}}
}
