package access

import "switchboard/inbox/workspace"

// MayOwn reports whether a member is in the workspace and may own conversations
// of the kind.
func (a Access) MayOwn(id workspace.MemberID, kind workspace.Kind) bool {
	m, ok := a.Directory.Member(id)
	return ok && a.LiveAgent(m, kind)
}
