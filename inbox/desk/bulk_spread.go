package desk

import (
	"context"
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// bulkSpread gives conversations to members evenly by load, one after the other. No cap
// bounds it, as a person decides. B:Q10
type bulkSpread struct {
	access  access.Access
	by      inbox.Action // the change of each, as Selectable takes it
	members []workspace.MemberID
	open    map[workspace.MemberID]int
}

// newSpread begins with the loads of now. TARGET_NOT_PERMITTED if one of them is no
// member of the workspace.
func (b *Bulk) newSpread(ctx context.Context, a access.Access, v BulkVerb) (*bulkSpread, error) {
	for _, id := range v.SpreadOver {
		if _, ok := a.Directory.Member(id); !ok {
			return nil, targetRefused("spreadOver", inbox.TargetNotMember,
				"There is no such member in the workspace. Pick one of its members.")
		}
	}
	loads, err := b.store.Loads(ctx, a.Principal.Workspace, v.SpreadOver)
	s := &bulkSpread{
		access: a, by: v.Action, members: v.SpreadOver, open: map[workspace.MemberID]int{},
	}
	if offered, _ := access.TransfersByOffer(a, nil); v.Action == inbox.ActionTransfer && offered {
		s.by = access.StepOffer
	}
	for _, id := range v.SpreadOver {
		load := loads[id]
		s.open[id] = load.Open()
	}
	return s, err
}

// pick is who gets c: of those who may, the one with the fewest open conversations, and of
// several the one that was named first. If none may, it is the first, for the verb to
// refuse.
func (s *bulkSpread) pick(c inbox.Conversation) workspace.MemberID {
	may := slices.DeleteFunc(slices.Clone(s.members), func(id workspace.MemberID) bool { return !s.may(id, c) })
	if len(may) == 0 {
		may = s.members
	}
	chosen := slices.MinFunc(may, func(a, b workspace.MemberID) int { return s.open[a] - s.open[b] })
	s.move(chosen, c, 1)
	return chosen
}

// may reports whether the verb would give c to a member.
func (s *bulkSpread) may(id workspace.MemberID, c inbox.Conversation) bool {
	_, ok := s.access.Selectable(c, s.access.Directory.Members[id], s.by)
	return ok
}

// giveBack counts c for the member no longer, and for its owner again.
func (s *bulkSpread) giveBack(id workspace.MemberID, c inbox.Conversation) {
	s.move(id, c, -1)
}

func (s *bulkSpread) move(to workspace.MemberID, c inbox.Conversation, n int) {
	s.open[to] += n
	if from := c.CountsFor(); from != "" {
		s.open[from] -= n
	}
}
