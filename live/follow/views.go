package follow

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"slices"
	"weak"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// views are some views as one caller sees them at a time.
type views struct {
	all []*access.View
	// filter is the caller's, by the rights in directory.
	filter    access.VisibilityFilter
	directory weak.Pointer[workspace.Directory]
	// starred are the caller's stars, if a view asks for them.
	starred []inbox.ConversationID
}

// refresh takes over the rights of now and reports whether that changes the views.
// What is the same directory is looked at only when asked to: between the change of
// the policy and that of the directories lies a moment.
func (v *views) refresh(a access.Access, closely bool) (changed bool) {
	seen := weak.Make(a.Directory)
	if seen == v.directory && !closely {
		return false
	}
	before, first := v.filter, v.directory == weak.Pointer[workspace.Directory]{}
	v.directory, v.filter = seen, a.VisibilityFilter()
	v.filter.Starred = v.starred
	if !first && before.Equal(v.filter) {
		return false
	}
	return slices.ContainsFunc(v.all, func(view *access.View) bool {
		return first || !before.For(*view).Equal(v.filter.For(*view))
	})
}

// relevant are the parts of the filter that the views depend on.
func (v *views) relevant() []access.VisibilityFilter {
	out := make([]access.VisibilityFilter, 0, len(v.all))
	for _, view := range v.all {
		out = append(out, v.filter.For(*view))
	}
	return out
}

// facets are those by which events of the views are found.
func (v *views) facets() []access.Facet {
	facets := []access.Facet{access.NoFacet} // none at all would be all of them
	for _, view := range v.all {
		facets = append(facets, view.Facets(v.filter)...)
	}
	slices.Sort(facets)
	return slices.Compact(facets)
}

// starsMark parts the fingerprint of rights from that of stars.
const starsMark = "*"

// fingerprint is equal for callers who see the views in the same way. A token
// holds it, so that rights and stars which changed while a subscriber was away are
// noticed, and told apart.
func (v *views) fingerprint() string {
	rights := v.relevant()
	if !v.askForStars() {
		return Fingerprint("reach", rights)
	}
	stars := make([][]inbox.ConversationID, len(rights))
	for i := range rights {
		stars[i], rights[i].Starred = rights[i].Starred, nil
	}
	return Fingerprint("reach", rights) + starsMark + Fingerprint("stars", stars)
}

// Fingerprint is a short text that is equal for equal parts. They are plain data.
func Fingerprint(parts ...any) string {
	data, _ := json.Marshal(parts) // plain data: it cannot fail
	sum := sha256.Sum256(data)
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}

func (v *views) askForStars() bool {
	return slices.ContainsFunc(v.all, func(view *access.View) bool { return view.Starred })
}

// readStars reads the caller's stars if a view asks for them.
func (v *views) readStars(ctx context.Context, f *Streams, p inbox.Principal) (err error) {
	if v.askForStars() {
		v.starred, err = f.Starred(ctx, p)
	}
	return err
}

// starFacets are those of the caller's stars, if a view asks for them: of conversations
// nothing is wanted.
func (v *views) starFacets(a access.Access) []access.Facet {
	if v.askForStars() {
		return []access.Facet{access.StarsFacet(a.Principal.Actor.ID)}
	}
	return []access.Facet{access.NoFacet}
}

// starsChanged reports whether e changed the stars that the views ask for.
func (v *views) starsChanged(a access.Access, e inbox.Event) bool {
	return e.Type == inbox.StarEvent && e.Actor == a.Principal.Actor && v.askForStars()
}

// ViewToken is where a page of the view that was read behind position can be followed
// from.
func (f *Streams) ViewToken(ctx context.Context, a access.Access, view access.View, position string) (ResumeToken, error) {
	v := views{all: []*access.View{&view}}
	err := v.readStars(ctx, f, a.Principal)
	v.refresh(a, true)
	return ResumeToken{Position: position, Rights: v.fingerprint()}, err
}

// watch subscribes by the facets of the views, which come from the rights. Moved
// says that the rights changed before the subscription was there.
func watch[T any](ctx context.Context, f *Streams, r Request, v *views) (s *Stream[T], moved bool, err error) {
	s, err = open[T](ctx, f, r, func(a access.Access) ([]access.Facet, error) {
		if err := a.ViewsAny(); err != nil {
			return nil, err
		}
		err := v.readStars(ctx, f, r.Principal)
		v.refresh(a, true)
		return v.facets(), err
	})
	return s, err == nil && v.refresh(s.access, true), err
}

// rewatch subscribes by the facets of the rights of now, and drops what was not
// delivered yet.
func rewatch[T any](ctx context.Context, s *Stream[T], v *views) error {
	if err := v.readStars(ctx, s.Streams, s.request.Principal); err != nil {
		return err
	}
	for moved := true; moved; {
		s.resubscribe(v.facets()...)
		a, err := s.request.Rights(ctx)
		if err != nil {
			return err
		}
		moved = v.refresh(a, true)
	}
	return nil
}
