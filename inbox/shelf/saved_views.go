package shelf

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// ListedView is a saved view with the shelf that it is on.
type ListedView struct {
	SavedView
	List SavedViewListID
}

// ViewDraft holds the fields of a saved view. In an update, nil fields stay as they
// are.
type ViewDraft struct {
	Name    *string
	Sharing *Sharing
	// Team is set when Sharing is SharedWithTeam, and only then.
	Team   workspace.TeamID
	Filter *access.View
	// Search goes with Filter.
	Search string
	Order  *access.Order
}

// SavedViews lists the views that the caller may use, by name. PERMISSION_DENIED
// for a caller who is not a member, or may see no conversations.
func (s *Service) SavedViews(ctx context.Context, p inbox.Principal) ([]ListedView, error) {
	a, err := s.callers.Access(ctx, p)
	if err == nil {
		err = MaySave(a)
	}
	if err != nil {
		return nil, err
	}
	all, err := s.loadLists(ctx, a)
	if err != nil {
		return nil, err
	}
	var out []ListedView
	for _, shelf := range all {
		for _, v := range shelf.Views {
			out = append(out, ListedView{v, shelf.ID})
		}
	}
	slices.SortFunc(out, func(a, b ListedView) int { return workspace.ByName(a.Name, b.Name, a.ID, b.ID) })
	return out, nil
}

func (s *Service) loadLists(ctx context.Context, a access.Access) (map[SavedViewListID]SavedViewList, error) {
	return s.store.SavedViewLists(ctx, a.Principal.Workspace, visibleLists(a))
}

// SavedView finds a view that the caller may use; NOT_FOUND for any other.
func (s *Service) SavedView(ctx context.Context, p inbox.Principal, id inbox.SavedViewID) (ListedView, error) {
	_, shelf, err := s.listOf(ctx, p, id)
	if err != nil {
		return ListedView{}, err
	}
	return ListedView{shelf.Views[shelf.at(id)], shelf.ID}, nil
}

func (s *Service) listOf(ctx context.Context, p inbox.Principal, id inbox.SavedViewID) (access.Access, SavedViewList, error) {
	a, err := s.callers.Access(ctx, p)
	if err != nil {
		return a, SavedViewList{}, err
	}
	all, err := s.loadLists(ctx, a) // none for a caller without views of its own
	if err != nil {
		return a, SavedViewList{}, err
	}
	for _, shelf := range all {
		if shelf.at(id) >= 0 {
			return a, shelf, nil
		}
	}
	return a, SavedViewList{}, inbox.Missing("saved view")
}

// CreateSavedView keeps a filter under a name, which no other view of the same shelf
// has. Errors: PERMISSION_DENIED, NOT_FOUND for the team, INVALID_INPUT.
func (s *Service) CreateSavedView(ctx context.Context, p inbox.Principal, d ViewDraft) (ListedView, error) {
	return s.saveView(ctx, func() (ListedView, []SavedViewList, error) {
		a, err := s.callers.Access(ctx, p)
		if err == nil {
			err = MaySave(a)
		}
		if err != nil {
			return ListedView{}, nil, err
		}
		v := SavedView{ID: inbox.SavedViewID(s.base.NewID()), By: a.Member.ID, CreatedAt: s.base.Clock(), Order: access.Order{Field: access.ByLastActivity, Desc: true}}
		id := cmp.Or(d.list(a), memberList(a.Member.ID))
		if err := CanShare(a, id); err != nil {
			return ListedView{}, nil, err
		}
		shelf, err := s.listByID(ctx, p.Workspace, id)
		if err != nil {
			return ListedView{}, nil, err
		}
		return s.edited(ctx, a, v, d, shelf)
	})
}

// UpdateSavedView changes a view that the caller may use and change. A view that is
// shared otherwise moves with all else that changes, or not at all.
func (s *Service) UpdateSavedView(ctx context.Context, p inbox.Principal, id inbox.SavedViewID, d ViewDraft) (ListedView, error) {
	return s.saveView(ctx, func() (ListedView, []SavedViewList, error) {
		a, from, err := s.ownList(ctx, p, id)
		if err != nil {
			return ListedView{}, nil, err
		}
		v, to := from.Views[from.at(id)], cmp.Or(d.list(a), from.ID)
		if to == from.ID {
			return s.edited(ctx, a, v, d, from)
		}
		if err := CanShare(a, to); err != nil {
			return ListedView{}, nil, err
		}
		target, err := s.listByID(ctx, p.Workspace, to)
		if err != nil {
			return ListedView{}, nil, err
		}
		done, changed, err := s.edited(ctx, a, v, d, target)
		return done, append(changed, from.without(id)), err
	})
}

// DeleteSavedView removes a view that the caller may use and change.
func (s *Service) DeleteSavedView(ctx context.Context, p inbox.Principal, id inbox.SavedViewID) (ListedView, error) {
	return s.saveView(ctx, func() (ListedView, []SavedViewList, error) {
		_, from, err := s.ownList(ctx, p, id)
		if err != nil {
			return ListedView{}, nil, err
		}
		return ListedView{from.Views[from.at(id)], from.ID}, []SavedViewList{from.without(id)}, nil
	})
}

// ownList finds the shelf of a view that the caller may use and change.
func (s *Service) ownList(ctx context.Context, p inbox.Principal, id inbox.SavedViewID) (access.Access, SavedViewList, error) {
	a, shelf, err := s.listOf(ctx, p, id)
	if err == nil {
		err = CanShare(a, shelf.ID)
	}
	return a, shelf, err
}

// saveView writes the result of decide, and tries again if another write was faster.
func (s *Service) saveView(ctx context.Context, decide func() (ListedView, []SavedViewList, error)) (ListedView, error) {
	for range commit.MaxAttempts {
		done, changed, err := decide()
		if err != nil {
			return ListedView{}, err
		}
		if err = s.store.SaveSavedViewLists(ctx, changed...); !errors.Is(err, commit.ErrStale) {
			return done, err
		}
	}
	return ListedView{}, commit.TooBusy()
}

func (s *Service) edited(ctx context.Context, a access.Access, v SavedView, d ViewDraft, onto SavedViewList) (ListedView, []SavedViewList, error) {
	if d.Name != nil {
		v.Name = *d.Name
	}
	if d.Filter != nil {
		if err := s.checkFilter(ctx, a, *d.Filter); err != nil {
			return ListedView{}, nil, err
		}
		v.Filter, v.Search = *d.Filter, d.Search
		v.Filter.Search = nil
	}
	if d.Order != nil {
		v.Order = *d.Order
	}
	v.UpdatedAt = s.base.Clock()
	shelf, err := onto.put(v)
	return ListedView{v, shelf.ID}, []SavedViewList{shelf}, err
}

func (s *Service) listByID(ctx context.Context, ws workspace.WorkspaceID, id SavedViewListID) (SavedViewList, error) {
	found, err := s.store.SavedViewLists(ctx, ws, []SavedViewListID{id})
	if shelf, ok := found[id]; ok || err != nil {
		return shelf, err
	}
	return SavedViewList{Workspace: ws, ID: id}, nil
}

// ForgetMember deletes the private views of a removed member. Nobody can reach them
// any longer, so that a fault here only wastes space.
func (s *Service) ForgetMember(ctx context.Context, ws workspace.WorkspaceID, m workspace.MemberID) {
	_ = s.store.DeleteSavedViewList(ctx, ws, memberList(m))
	_ = s.store.DropStars(ctx, ws, m)
}

// ForgetTeam is forgetMember for the views shared with a removed team.
func (s *Service) ForgetTeam(ctx context.Context, ws workspace.WorkspaceID, t workspace.TeamID) {
	_ = s.store.DeleteSavedViewList(ctx, ws, teamList(t))
}
