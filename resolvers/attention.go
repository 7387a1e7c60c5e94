package resolvers

import (
	"context"

	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/attention"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/live/follow"
)

// showAttention sets or removes the caller's mark, and answers with who else is there.
func (r *Resolver) showAttention(ctx context.Context, in model.ShowAttentionInput) (*model.ShowAttentionPayload, error) {
	s := scopeOf(ctx)
	say := attention.Statement{Kind: value(in.Kind), Note: value(in.Internal), Window: value(in.Window)}
	var err error
	var others []attention.Present
	var c inbox.Conversation
	say.Conversation, err = idOf[inbox.ConversationID]("conversationId", typeConversation, in.ConversationID)
	if err == nil {
		others, c, err = r.Inbox.Attention.Show(ctx, s.access.Principal, say)
	}
	refused, ok := s.userErrors(ctx, err)
	if !ok {
		return nil, err
	}
	payload := &model.ShowAttentionPayload{Present: presentAt(s, others, c), UserErrors: refused}
	if err == nil && say.Kind != "" {
		payload.ValidFor = int(say.Kind.Lasts().Seconds())
	}
	return payload, nil
}

// attentionScope reads what a subscriber wants to follow. The schema lets one of the
// fields through.
func (r *Resolver) attentionScope(ctx context.Context, of model.AttentionScope) (out follow.AttentionScope, err error) {
	if of.View != nil {
		view, _, err := r.viewIn(ctx, of.View, nil)
		return follow.AttentionScope{View: &view}, err
	}
	out.Conversations, err = idsOf[inbox.ConversationID]("of.conversationIds", typeConversation, of.ConversationIds)
	return out, err
}

func attentionChangeOf(_ context.Context, d delivered[follow.AttentionChange]) (*model.AttentionChange, error) {
	out := &model.AttentionChange{Complete: d.Body.Complete, Conversations: []*model.ConversationAttention{}}
	for _, one := range d.Body.Conversations {
		out.Conversations = append(out.Conversations, &model.ConversationAttention{
			ConversationID: ConversationID(one.ID), Present: presentAt(d.scope, one.Present, one.Conversation),
		})
	}
	return out, nil
}

// presentAt shows who is at c.
func presentAt(s *scope, all []attention.Present, c inbox.Conversation) []*model.Attention {
	out := []*model.Attention{}
	for _, one := range all {
		out = append(out, &model.Attention{Actor: s.actor(one.Actor, s.disclose(c)), Kind: one.Kind, Internal: one.Note})
	}
	return out
}

// alsoWriting tells a member who sent an answer who else is writing one.
func (r *Resolver) alsoWriting(s *scope, sent desk.Sent) []*model.Attention {
	if s.access.Principal.Actor.Kind != workspace.ActorMember || sent.Message.Internal {
		return []*model.Attention{}
	}
	return presentAt(s, r.Inbox.Attention.Writing(s.access, sent.Conversation), sent.Conversation)
}
