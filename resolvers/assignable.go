package resolvers

import (
	"cmp"
	"context"

	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// candidate is a row of the assign panel: a member, or the chat's AI agent.
type candidate struct {
	member workspace.Member
	agent  workspace.AIAgent
}

// key sorts the AI agent first, then members by name.
func (c candidate) key() named {
	if c.agent.ID != "" {
		return named{"", string(c.agent.ID)}
	}
	return memberKey(c.member)
}

// assignable answers the assign panel. B:A2.
func (r *Resolver) assignable(ctx context.Context, conversationID string, search *string, args pageArgs) (*model.AssignableConnection, error) {
	s := scopeOf(ctx)
	id, err := idOf[inbox.ConversationID]("conversationId", typeConversation, conversationID)
	if err := cmp.Or(err, r.Seals.genuine(s.access.Principal.Workspace, "after", args.after)); err != nil {
		return nil, err
	}
	c, err := r.Inbox.Reader.Assignable(ctx, s.access.Principal, id)
	if err != nil {
		return nil, err
	}
	words, err := r.words(search)
	if err != nil {
		return nil, err
	}
	all := r.candidates(s, c, words)
	l := r.listOf(s.access.Principal.Workspace, "assignable", c.ID, words)
	page, err := pageByName(l, all, candidate.key, args.first, args.after)
	if err != nil {
		return nil, err
	}
	return s.panel(l, c, page, len(all)), nil
}

func (r *Resolver) candidates(s *scope, c inbox.Conversation, words []string) []candidate {
	var out []candidate
	if agent, ok := s.access.Directory.Agent(c.OriginAgent); ok && r.matches(agent.Name, words) {
		out = append(out, candidate{agent: agent})
	}
	for _, m := range s.access.Directory.SortedMembers() {
		if r.matches(m.Name, words) {
			out = append(out, candidate{member: m})
		}
	}
	return out
}

func (s *scope) panel(l list, c inbox.Conversation, page inbox.Page[candidate], total int) *model.AssignableConnection {
	out := &model.AssignableConnection{TotalCount: total}
	out.Edges, out.Nodes, out.PageInfo = connect(page,
		func(row candidate) string { return l.cursor(row.key().name, row.key().id) },
		func(row candidate) *model.Assignable { return s.row(c, row) },
		func(at string, n *model.Assignable) *model.AssignableEdge {
			return &model.AssignableEdge{Cursor: at, Node: n}
		})
	return out
}

func (s *scope) row(c inbox.Conversation, row candidate) *model.Assignable {
	if row.agent.ID != "" {
		reason := inbox.TargetAIAgent
		return &model.Assignable{Candidate: s.agent(row.agent.ID), IsCurrentAssignee: c.Handler() == inbox.HandledByAI, Reason: &reason}
	}
	reason, ok := s.access.Selectable(c, row.member, inbox.ActionAssign)
	return &model.Assignable{Candidate: memberOf(row.member), IsCurrentAssignee: c.Assignee == row.member.ID, Selectable: ok, Reason: optional(reason)}
}
