package demo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/contacts"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
)

// scene is a conversation being played.
type scene struct {
	*player
	about   topic
	contact string
	key     string
	kind    workspace.Kind
	current inbox.Conversation
	last    inbox.Event
	steps   int    // begun, each with an idempotency key of its own
	remark  string // for the step, the same however often that is tried
}

// step plays one verb.
type step func(ctx context.Context, s *scene) error

// play plays conversation i unless it is there already.
func (p *player) play(ctx context.Context, i int) error {
	s := &scene{
		player: p, key: fmt.Sprintf("demo-%03d", i+1),
		about: topics()[p.random.IntN(len(topics()))], contact: visitors()[p.random.IntN(len(visitors()))],
	}
	p.scene = s.key
	p.directories.forget()
	p.now = p.end.Add(-time.Duration(1+p.random.IntN(7*24*60)) * time.Minute)
	if _, err := p.store.ConversationByExternalID(ctx, p.space, s.key); inbox.CodeOf(err) != inbox.NotFound {
		return err
	}
	course := p.script[i%len(p.script)]
	s.kind, p.made = course.kind, map[string]bool{}
	for _, step := range course.steps {
		s.steps++
		s.remark = small()[s.random.IntN(len(small()))]
		switch err := patiently(ctx, func() error { return step(ctx, s) }); {
		case errors.Is(err, errOthers):
			return nil
		case err != nil:
			return err
		}
		s.pass()
	}
	return nil
}

// errOthers ends a scene that another process began in the same moment, and
// plays.
var errOthers = errors.New("another process plays this conversation")

// begun is called for the verb that creates the conversation. It returns errOthers
// if another process was faster, which may have drawn another contact and another
// text.
func (s *scene) begun(out desk.Outcome, err error) error {
	var refused *inbox.Error
	switch {
	case err == nil && !s.made[string(out.Conversation.ID)], inbox.CodeOf(err) == inbox.ConversationClosed:
		return errOthers
	case errors.As(err, &refused) && (slices.Contains(refused.Field, "externalId") || slices.Contains(refused.Field, "idempotencyKey")):
		return errOthers
	}
	return s.done(out, err)
}

// pass lets seconds to minutes go by, never beyond the end.
func (s *scene) pass() {
	next := s.now.Add(time.Duration(1+s.random.IntN(240)) * time.Second)
	if next.After(s.end) {
		next = s.now.Add(time.Millisecond)
	}
	s.now = next
}

func (s *scene) as(key string) inbox.Principal {
	return inbox.Principal{Workspace: s.space, Actor: workspace.Actor{Kind: workspace.ActorMember, ID: string(memberID(s.space, key))}}
}

func (s *scene) asAgent(id workspace.AgentID) inbox.Principal {
	return inbox.Principal{Workspace: s.space, Actor: workspace.Actor{Kind: workspace.ActorAgent, ID: string(id)}}
}

func (s *scene) asContact() inbox.Principal {
	return s.current.ContactPrincipal("")
}

func (s *scene) asAssignee() inbox.Principal {
	return inbox.Principal{Workspace: s.space, Actor: workspace.Actor{Kind: workspace.ActorMember, ID: string(s.current.Assignee)}}
}

func (s *scene) request() desk.Request {
	return desk.Request{Conversation: s.current.ID, Key: s.stepKey()}
}

func (s *scene) stepKey() string { return fmt.Sprintf("%s, step %d", s.key, s.steps) }

func (s *scene) done(out desk.Outcome, err error) error {
	if err == nil {
		s.current, s.last = out.Conversation, out.Event
	}
	return err
}

func (s *scene) say(ctx context.Context, p inbox.Principal, body string, internal bool) error {
	sent, err := s.service.Messages.Send(ctx, p, desk.SendRequest{Conversation: s.current.ID, Body: body, Internal: internal, Epoch: &s.current.Epoch, Key: s.stepKey()})
	if err == nil {
		s.current = sent.Conversation
	}
	return err
}

func (s *scene) newContact() contacts.NewContact {
	return contacts.NewContact{Name: s.contact, ExternalID: "visitor-" + s.contact}
}
