package eventlog

import (
	"context"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// Item is a record as a caller is shown it.
type Item struct {
	Record
	// Now is the conversation as it is; zero for an Availability and what is Gone.
	Now   inbox.Conversation
	Sight Sight
}

// next returns the records behind after without a gap between them, at most limit. If
// retention has removed the first ones, a record that is Gone stands for all of them: it
// has the sequence of the last.
func (s *Service) next(ctx context.Context, ws workspace.WorkspaceID, after Sequence, limit int) ([]Record, error) {
	found, err := s.Read(ctx, ws, after, limit)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	found = contiguous(found)
	first := found[0].Sequence
	if first == after+1 {
		return found, nil
	}
	b, err := s.Bounds(ctx, ws)
	if err != nil || b.Oldest <= after+1 {
		return nil, err
	}
	return append([]Record{{Entry: Entry{Workspace: ws, Sequence: first - 1}, Gone: true}}, found...), nil
}

// contiguous cuts records at a hole, which only a beginning has that is being removed.
func contiguous(all []Record) []Record {
	for i := 1; i < len(all); i++ {
		if all[i].Sequence != all[i-1].Sequence+1 {
			return all[:i]
		}
	}
	return all
}

// Present reads the conversations of records as they are now.
func (s *Service) Present(
	ctx context.Context, ws workspace.WorkspaceID, records []Record,
) (map[inbox.ConversationID]inbox.Conversation, error) {
	var ids []inbox.ConversationID
	met := map[inbox.ConversationID]bool{}
	for _, r := range records {
		if id := r.Conversation; !r.Gone && id != "" && !met[id] {
			met[id] = true
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return s.store.Conversations(ctx, ws, ids)
}

// At returns the record with a sequence as a is shown it; false if it is not, or is not
// there. UNAVAILABLE.
func (s *Service) At(ctx context.Context, a access.Access, n Sequence) (Item, bool, error) {
	found, err := s.Read(ctx, a.Principal.Workspace, n-1, 1)
	if err != nil || len(found) == 0 || found[0].Sequence != n {
		return Item{}, false, err
	}
	now, err := s.Present(ctx, a.Principal.Workspace, found)
	if err != nil {
		return Item{}, false, err
	}
	item, shown := show(a, Filter{}, found[0], now[found[0].Conversation])
	return item, shown, nil
}

// show is a record as the caller is shown it; false if it is not.
func show(a access.Access, f Filter, r Record, now inbox.Conversation) (Item, bool) {
	if !f.wants(r) {
		return Item{}, false
	}
	sight := SightOf(a, r, now)
	return Item{Record: r, Now: now, Sight: sight}, sight != Unseen
}
