package attention

import (
	"context"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// Service is the use case: to say what one does at a conversation, and to ask who else
// is there. It keeps no state.
type Service struct {
	callers *access.Callers
	reader  Reader
	marks   Marks
	quota   Quota
}

// New makes the service. Without marks nobody is anywhere; without a quota statements
// are not bounded.
func New(callers *access.Callers, reader Reader, marks Marks, quota Quota) *Service {
	if marks == nil {
		marks = nobody{}
	}
	if quota == nil {
		quota = unbounded{}
	}
	return &Service{callers: callers, reader: reader, marks: marks, quota: quota}
}

// Statement is what somebody says to do at a conversation.
type Statement struct {
	Conversation inbox.ConversationID
	// Kind is empty for somebody who does nothing there any more.
	Kind Kind
	// Note says that what is written is an internal note.
	Note bool
	// Window tells several windows of one person apart.
	Window string
}

// MaxWindow is the most bytes of a window's name.
const MaxWindow = 50

// Show sets or removes the caller's mark, and returns who else is there, with the
// conversation. The mark stands for Kind.Lasts. Nothing is written to the database.
//
// Errors: those of reading the conversation; INVALID_INPUT for a contact or an AI agent
// that says anything but to type an answer, and for callers who are never shown;
// RATE_LIMITED beyond the caller's budget, and when too many marks stand already.
func (s *Service) Show(ctx context.Context, p inbox.Principal, say Statement) ([]Present, inbox.Conversation, error) {
	if err := say.check(p.Actor.Kind); err != nil {
		return nil, inbox.Conversation{}, err
	}
	if err := s.quota.Spend(p); err != nil {
		return nil, inbox.Conversation{}, err
	}
	a, c, err := s.find(ctx, p, say.Conversation)
	if err != nil {
		return nil, inbox.Conversation{}, err
	}
	mark := markOf(p, say)
	if say.Kind == "" {
		s.marks.Remove(mark.Key)
	} else if err := s.marks.Set(mark); err != nil {
		return nil, inbox.Conversation{}, err
	}
	return Shown(a, c, s.marks.At(p.Workspace, say.Conversation)), c, nil
}

// Writing returns who else writes an answer at c now, as the caller is shown it: for a
// hint to a member who sends one.
func (s *Service) Writing(a access.Access, c inbox.Conversation) (out []Present) {
	for _, one := range Shown(a, c, s.marks.At(c.Workspace, c.ID)) {
		if one.Kind != Viewing && !one.Note && one.Actor.Kind != workspace.ActorContact {
			out = append(out, one)
		}
	}
	return out
}

// find returns the conversation as this server knows it, or reads it. Every refusal is
// that of reading it.
func (s *Service) find(
	ctx context.Context, p inbox.Principal, id inbox.ConversationID,
) (a access.Access, c inbox.Conversation, err error) {
	if a, err = s.callers.Access(ctx, p); err != nil {
		return a, c, err
	}
	if c, known := s.marks.Known(p.Workspace, id); known && a.Sees(c) {
		return a, c, nil
	}
	c, err = s.reader.Conversation(ctx, p, id)
	return a, c, err
}

// check refuses what the caller cannot say.
func (s Statement) check(by workspace.ActorKind) error {
	if err := inbox.CheckKey("window", s.Window); err != nil {
		return err
	}
	switch {
	case len(s.Window) > MaxWindow:
		return inbox.Invalid("window", "window has %d bytes; at most %d are allowed.", len(s.Window), MaxWindow)
	case by == workspace.ActorPartner:
		return inbox.Invalid("kind", "An API key is shown at no conversation. Members, AI agents and contacts are.")
	case by == workspace.ActorContact && (s.Note || s.Kind != Typing && s.Kind != ""):
		return inbox.Invalid("kind", "A contact is shown TYPING, or not at all. Leave the rest out.")
	case by == workspace.ActorAgent && (s.Note || s.Kind != Typing && s.Kind != ""):
		return inbox.Invalid("kind", "An AI agent is shown TYPING an answer, or not at all. Leave the rest out.")
	}
	return nil
}
