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

// ShelvedView is a saved view with the shelf that it is on.
type ShelvedView struct {
	SavedView
	Shelf ShelfID
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
func (s *Service) SavedViews(ctx context.Context, p inbox.Principal) ([]ShelvedView, error) {
	a, err := s.callers.Access(ctx, p)
	if err == nil {
		err = MaySave(a)
	}
	if err != nil {
		return nil, err
	}
	all, err := s.shelved(ctx, a)
	if err != nil {
		return nil, err
	}
	var out []ShelvedView
	for _, shelf := range all {
		for _, v := range shelf.Views {
			out = append(out, ShelvedView{v, shelf.ID})
		}
	}
	slices.SortFunc(out, func(a, b ShelvedView) int { return workspace.ByName(a.Name, b.Name, a.ID, b.ID) })
	return out, nil
}

func (s *Service) shelved(ctx context.Context, a access.Access) (map[ShelfID]Shelf, error) {
	return s.store.Shelves(ctx, a.Principal.Workspace, shelves(a))
}

// SavedView finds a view that the caller may use; NOT_FOUND for any other.
func (s *Service) SavedView(ctx context.Context, p inbox.Principal, id inbox.SavedViewID) (ShelvedView, error) {
	_, shelf, err := s.shelfOf(ctx, p, id)
	if err != nil {
		return ShelvedView{}, err
	}
	return ShelvedView{shelf.Views[shelf.at(id)], shelf.ID}, nil
}

func (s *Service) shelfOf(ctx context.Context, p inbox.Principal, id inbox.SavedViewID) (access.Access, Shelf, error) {
	a, err := s.callers.Access(ctx, p)
	if err != nil {
		return a, Shelf{}, err
	}
	all, err := s.shelved(ctx, a) // none for a caller without views of its own
	if err != nil {
		return a, Shelf{}, err
	}
	for _, shelf := range all {
		if shelf.at(id) >= 0 {
			return a, shelf, nil
		}
	}
	return a, Shelf{}, inbox.Missing("saved view")
}

// CreateSavedView keeps a filter under a name, which no other view of the same shelf
// has. Errors: PERMISSION_DENIED, NOT_FOUND for the team, INVALID_INPUT.
func (s *Service) CreateSavedView(ctx context.Context, p inbox.Principal, d ViewDraft) (ShelvedView, error) {
	return s.shelve(ctx, func() (ShelvedView, []Shelf, error) {
		a, err := s.callers.Access(ctx, p)
		if err == nil {
			err = MaySave(a)
		}
		if err != nil {
			return ShelvedView{}, nil, err
		}
		v := SavedView{ID: inbox.SavedViewID(s.base.NewID()), By: a.Member.ID, CreatedAt: s.base.Clock(), Order: access.Order{Field: access.ByLastActivity, Desc: true}}
		id := cmp.Or(d.shelf(a), memberShelf(a.Member.ID))
		if err := MayShelve(a, id); err != nil {
			return ShelvedView{}, nil, err
		}
		shelf, err := s.shelfNamed(ctx, p.Workspace, id)
		if err != nil {
			return ShelvedView{}, nil, err
		}
		return s.edited(ctx, a, v, d, shelf)
	})
}

// UpdateSavedView changes a view that the caller may use and change. A view that is
// shared otherwise moves with all else that changes, or not at all.
func (s *Service) UpdateSavedView(ctx context.Context, p inbox.Principal, id inbox.SavedViewID, d ViewDraft) (ShelvedView, error) {
	return s.shelve(ctx, func() (ShelvedView, []Shelf, error) {
		a, from, err := s.ownShelf(ctx, p, id)
		if err != nil {
			return ShelvedView{}, nil, err
		}
		v, to := from.Views[from.at(id)], cmp.Or(d.shelf(a), from.ID)
		if to == from.ID {
			return s.edited(ctx, a, v, d, from)
		}
		if err := MayShelve(a, to); err != nil {
			return ShelvedView{}, nil, err
		}
		target, err := s.shelfNamed(ctx, p.Workspace, to)
		if err != nil {
			return ShelvedView{}, nil, err
		}
		done, changed, err := s.edited(ctx, a, v, d, target)
		return done, append(changed, from.without(id)), err
	})
}

// DeleteSavedView removes a view that the caller may use and change.
func (s *Service) DeleteSavedView(ctx context.Context, p inbox.Principal, id inbox.SavedViewID) (ShelvedView, error) {
	return s.shelve(ctx, func() (ShelvedView, []Shelf, error) {
		_, from, err := s.ownShelf(ctx, p, id)
		if err != nil {
			return ShelvedView{}, nil, err
		}
		return ShelvedView{from.Views[from.at(id)], from.ID}, []Shelf{from.without(id)}, nil
	})
}

// ownShelf finds the shelf of a view that the caller may use and change.
func (s *Service) ownShelf(ctx context.Context, p inbox.Principal, id inbox.SavedViewID) (access.Access, Shelf, error) {
	a, shelf, err := s.shelfOf(ctx, p, id)
	if err == nil {
		err = MayShelve(a, shelf.ID)
	}
	return a, shelf, err
}

// shelve writes the result of decide, and tries again if another write was faster.
func (s *Service) shelve(ctx context.Context, decide func() (ShelvedView, []Shelf, error)) (ShelvedView, error) {
	for range commit.MaxAttempts {
		done, changed, err := decide()
		if err != nil {
			return ShelvedView{}, err
		}
		if err = s.store.SaveShelves(ctx, changed...); !errors.Is(err, commit.ErrStale) {
			return done, err
		}
	}
	return ShelvedView{}, commit.TooBusy()
}

func (s *Service) edited(ctx context.Context, a access.Access, v SavedView, d ViewDraft, onto Shelf) (ShelvedView, []Shelf, error) {
	if d.Name != nil {
		v.Name = *d.Name
	}
	if d.Filter != nil {
		if err := s.checkFilter(ctx, a, *d.Filter); err != nil {
			return ShelvedView{}, nil, err
		}
		v.Filter, v.Search = *d.Filter, d.Search
		v.Filter.Search = nil
	}
	if d.Order != nil {
		v.Order = *d.Order
	}
	v.UpdatedAt = s.base.Clock()
	shelf, err := onto.put(v)
	return ShelvedView{v, shelf.ID}, []Shelf{shelf}, err
}

func (s *Service) shelfNamed(ctx context.Context, ws workspace.WorkspaceID, id ShelfID) (Shelf, error) {
	found, err := s.store.Shelves(ctx, ws, []ShelfID{id})
	if shelf, ok := found[id]; ok || err != nil {
		return shelf, err
	}
	return Shelf{Workspace: ws, ID: id}, nil
}

// ForgetMember deletes the private views of a removed member. Nobody can reach them
// any longer, so that a fault here only wastes space.
func (s *Service) ForgetMember(ctx context.Context, ws workspace.WorkspaceID, m workspace.MemberID) {
	_ = s.store.DropShelf(ctx, ws, memberShelf(m))
	_ = s.store.DropStars(ctx, ws, m)
}

// ForgetTeam is forgetMember for the views shared with a removed team.
func (s *Service) ForgetTeam(ctx context.Context, ws workspace.WorkspaceID, t workspace.TeamID) {
	_ = s.store.DropShelf(ctx, ws, teamShelf(t))
}
