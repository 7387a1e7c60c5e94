package resolvers

import (
	"context"
	"time"
	"weak"

	"switchboard/auth"
	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/services"
	"switchboard/inbox/workspace"
	"switchboard/live/feed"

	"github.com/99designs/gqlgen/graphql"
)

// Sharing says which subscriptions are told to many in the same words, so that
// they are executed once.
type Sharing struct {
	service *services.Services
	hub     *feed.Hub
	fields  sharedFields
}

// NewSharing makes a Sharing over the callers of service, whose rights change with the
// events of hub.
func NewSharing(service *services.Services, hub *feed.Hub) *Sharing {
	return &Sharing{service: service, hub: hub, fields: newSharedFields()}
}

// Share is nil for an operation that is told to each caller in its own words.
func (s *Sharing) Share(operation *graphql.OperationContext) *Shared {
	root, inParts := s.fields.shareable(operation)
	if root == nil {
		return nil
	}
	if root.Name == "inboxChanges" && ownList(root.ArgumentMap(operation.Variables)["view"]) {
		return nil
	}
	given := root.ArgumentMap(operation.Variables)["after"]
	after, text := given.(string)
	if given != nil && (!text || after == "") {
		return nil // the resolver says what is wrong with it
	}
	return &Shared{Sharing: s, text: fingerprint(operation, root), after: after, inParts: inParts}
}

// ownList reports whether a view names a list that is the caller's own, or a filter
// that not everybody may use.
func ownList(view any) bool {
	fields, _ := view.(map[string]any)
	if fields["starred"] == true || fields["savedViewId"] != nil {
		return true
	}
	list, named := fields["list"]
	return named && list != "ALL" && list != "UNASSIGNED" && list != "QUEUED"
}

// Shared is a subscription that can be told to all who see the same.
type Shared struct {
	*Sharing
	text  [32]byte
	after string
	// inParts says that an item differs with what its receivers are to the conversation.
	inParts bool
}

// sharedKey is what listeners have in common who are told the same.
type sharedKey struct {
	class access.VisibilityClass
	text  [32]byte
}

// Key is the same for all who are told the same; ok is false for a caller who
// must be served alone, by its rights as they are now. UNAVAILABLE while these are not known.
func (s *Shared) Key(ctx context.Context) (key any, ok bool, err error) {
	p, ok := auth.FromContext(ctx)
	if !ok {
		return nil, false, nil
	}
	access, err := s.service.Callers.Access(ctx, p)
	switch {
	case inbox.CodeOf(err) == inbox.Unavailable:
		return nil, false, err
	case err != nil:
		return nil, false, nil
	}
	viewpoint, ok := access.VisibilityClass()
	return sharedKey{viewpoint, s.text}, ok, nil
}

// Version is another whenever Key may answer otherwise: the directory is never written
// to, but replaced, also when the policy is. It does not keep a directory that was
// replaced.
func (s *Shared) Version(ctx context.Context) any {
	p, _ := auth.FromContext(ctx)
	access, err := s.service.Callers.Access(ctx, p)
	if err != nil {
		return nil
	}
	return weak.Make(access.Directory)
}

// Watch calls look after each change of the workspace's directory, and when rights may
// have changed otherwise.
func (s *Shared) Watch(ctx context.Context, look func()) {
	p, _ := auth.FromContext(ctx)
	for ctx.Err() == nil {
		changes, err := s.hub.Subscribe(ctx, p.Workspace, access.NoFacet)
		if err == nil {
			changes.Begun()
			s.watch(changes, look)
		}
		look() // what was not heard
		select {
		case <-time.After(watchPause):
		case <-ctx.Done():
		}
	}
}

// watch returns when the subscription has ended.
func (s *Shared) watch(changes *feed.Subscription, look func()) {
	var soon <-chan time.Time
	again := s.hub.Rechecks.Next()
	for {
		select {
		case <-changes.Ready():
			heard, open := changes.Empty()
			if !open {
				return
			}
			if heard && soon == nil {
				soon = time.After(watchPause)
			}
		case <-again:
			again = s.hub.Rechecks.Next()
			look()
		case <-soon:
			soon = nil
			look()
		}
	}
}

// watchPause is how long a group waits for further changes of the directory before it
// looks at the rights of its members, each of whom may have caused one. A change counts
// for the next item at once, whatever the pause. B:Z6.
const watchPause = 250 * time.Millisecond

// After is the cursor that the caller passed; "" for none.
func (s *Shared) After() string { return s.after }

// Group returns a context in which the operation is executed for all with that key.
// The execution calls begun with its beginning, and among for an item that it tells in parts.
func (s *Shared) Group(ctx context.Context, key any, begun begun, among among) context.Context {
	return s.together(ctx, key, execMode{begun: begun, among: among})
}

// Replay returns a context in which the operation delivers to those with that key what
// came behind a cursor, and ends. Asked is the context of one of them, whose turn it
// is.
func (s *Shared) Replay(ctx, asked context.Context, key any, after string, begun begun, among among) context.Context {
	m := execMode{from: after, replay: true, begun: begun, among: among}
	if caller, ok := auth.FromContext(asked); ok {
		m.asked = &caller
	}
	return s.together(ctx, key, m)
}

// Position takes the position of its item out of a response of a context that Group or
// Replay made, and the places of its receivers; nil for all. It is not ok for a response that
// shows no item.
func (s *Shared) Position(resp *graphql.Response) (cursor string, number uint64, to []int, ok bool) {
	at, ok := resp.Extensions[positionExtension].(itemPosition)
	delete(resp.Extensions, positionExtension)
	return at.cursor, at.number, at.to, ok
}

// State is the conversation that a response shows, and its revision.
func (s *Shared) State(resp *graphql.Response) (of string, revision int) {
	at, _ := resp.Extensions[positionExtension].(itemPosition)
	return at.of, at.revision
}

// Resume makes the operation of one caller go on behind a cursor.
func (s *Shared) Resume(ctx context.Context, after string) context.Context {
	return withMode(ctx, &execMode{from: after})
}

// together stands for all who have key in common: within the workspace, and with
// no rights but to see what they see.
func (s *Shared) together(ctx context.Context, key any, m execMode) context.Context {
	if !s.inParts {
		m.among = nil
	}
	common, _ := key.(sharedKey)
	m.viewpoint = &common.class
	return withMode(auth.NewContext(ctx, inbox.Principal{Workspace: common.class.Workspace, Actor: workspace.System()}), &m)
}
