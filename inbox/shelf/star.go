package shelf

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// MaxStars bounds how many conversations a member can star.
const MaxStars = 200

// Stars are the conversations that a member marked for themselves. Nobody else
// learns of them, and they change nothing about the conversation.
type Stars struct {
	Workspace workspace.WorkspaceID
	Member    workspace.MemberID
	// Conversations are in the order in which they were starred.
	Conversations []inbox.ConversationID
	// Rev grows by one with every change.
	Rev int
}

// StarStore keeps stars.
type StarStore interface {
	// Stars reads the stars of a member; Rev is 0 when there never were any.
	Stars(ctx context.Context, ws workspace.WorkspaceID, m workspace.MemberID) (Stars, error)
	// SaveStars replaces the stars, whose Rev must be one more than the stored one
	// (ErrStale otherwise), and records e with them.
	SaveStars(ctx context.Context, s Stars, e inbox.Event) error
	// DropStars removes all stars of a member.
	DropStars(ctx context.Context, ws workspace.WorkspaceID, m workspace.MemberID) error
}

// StarsKept is how long the event of a star can be delivered to a client that was
// away; after that the client is asked to fetch again.
const StarsKept = 24 * time.Hour

// SetStar sets or removes the caller's star on a conversation that the caller may
// see; repeating it changes nothing. It returns the conversation. Errors are those
// of Conversation, PERMISSION_DENIED for a caller who is not a member, and
// LIMIT_EXCEEDED beyond MaxStars.
func (s *Service) SetStar(ctx context.Context, p inbox.Principal, id inbox.ConversationID, on bool) (inbox.Conversation, error) {
	for range commit.MaxAttempts {
		a, c, err := s.base.Look(ctx, p, id)
		if err == nil {
			err = cmp.Or(MaySave(a), a.Refusal(c, a.Can(c, inbox.ActionView)))
		}
		if err != nil {
			return inbox.Conversation{}, err
		}
		before, err := s.store.Stars(ctx, p.Workspace, p.Actor.Member())
		if err != nil || slices.Contains(before.Conversations, id) == on {
			return c, err
		}
		after, err := s.starred(ctx, p, before, id, on)
		if err != nil {
			return inbox.Conversation{}, err
		}
		e := inbox.Event{ID: inbox.EventID(s.base.NewID()), Workspace: p.Workspace, Type: inbox.StarEvent, Actor: p.Actor, At: s.base.Clock()}
		if err = s.store.SaveStars(ctx, after, e); !errors.Is(err, commit.ErrStale) {
			return c, err
		}
	}
	return inbox.Conversation{}, commit.TooBusy()
}

// starred returns the stars after the change. Where they would be too many, those of
// conversations that the caller no longer sees are dropped.
func (s *Service) starred(ctx context.Context, p inbox.Principal, before Stars, id inbox.ConversationID, on bool) (Stars, error) {
	after := before
	after.Rev++
	after.Conversations = slices.DeleteFunc(slices.Clone(before.Conversations), func(c inbox.ConversationID) bool { return c == id })
	if !on {
		return after, nil
	}
	if len(after.Conversations) >= MaxStars {
		var err error
		if after.Conversations, err = s.visible(ctx, p, after.Conversations); err != nil {
			return Stars{}, err
		}
	}
	if len(after.Conversations) >= MaxStars {
		return Stars{}, inbox.Invalid("conversationId", "You have starred %d conversations, which is the most. Take a star back first.", MaxStars)
	}
	after.Conversations = append(after.Conversations, id)
	return after, nil
}

// visible leaves out the conversations that the caller may not see.
func (s *Service) visible(ctx context.Context, p inbox.Principal, ids []inbox.ConversationID) ([]inbox.ConversationID, error) {
	a, err := s.callers.Access(ctx, p)
	if err != nil {
		return nil, err
	}
	found, err := s.store.Conversations(ctx, p.Workspace, ids)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(ids, func(id inbox.ConversationID) bool { c, ok := found[id]; return !ok || !a.Sees(c) }), nil
}

// Starred returns the ids of the conversations that the caller starred; none for a
// caller who is not a member. The caller may no longer see some of them.
func (s *Service) Starred(ctx context.Context, p inbox.Principal) ([]inbox.ConversationID, error) {
	if p.Actor.Kind != workspace.ActorMember {
		return nil, nil
	}
	stars, err := s.store.Stars(ctx, p.Workspace, p.Actor.Member())
	return stars.Conversations, err
}

// Reach is the caller's reach for the views: with the caller's stars if one of them
// asks for them.
func (s *Service) Reach(ctx context.Context, a access.Access, views ...access.View) (access.VisibilityFilter, error) {
	r := a.VisibilityFilter()
	if !slices.ContainsFunc(views, func(v access.View) bool { return v.Starred }) {
		return r, nil
	}
	var err error
	r.Starred, err = s.Starred(ctx, a.Principal)
	return r, err
}
