package desk

import (
	"context"
	"errors"
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// reclaimBatch bounds how many conversations of a workspace are looked at in one go,
// and offlineBatch how many absent members one question names.
const (
	reclaimBatch = 100
	offlineBatch = 100
)

// Reclaiming lists the workspaces whose rules take back what nobody answers. B:R1
func (s *Queues) Reclaiming(ctx context.Context) ([]workspace.WorkspaceID, error) {
	all, err := s.store.Workspaces(ctx)
	var out []workspace.WorkspaceID
	for _, w := range all {
		if w.Rules.FeatureOfReclaim() != "" {
			out = append(out, w.ID)
		}
	}
	return out, err
}

// Reclaim takes back, in one workspace, the conversations whose owner did not answer
// within rule reclaimAfter, or is OFFLINE under AFTER_GRACE: in the name of the system,
// the longest waiting first, each in a transaction that an answer refuses. What was
// taken back as often as reclaimLimit says is reported instead, once. It may run on
// several servers and may end at any point. B:R1
func (s *Queues) Reclaim(ctx context.Context, ws workspace.WorkspaceID) error {
	p := inbox.Principal{Workspace: ws, Actor: workspace.System()}
	a, err := s.callers.Access(ctx, p)
	if err != nil || !a.Includes(workspace.FeatureReclaim).Allowed {
		return err
	}
	var failed error
	if kinds := kindsThat(a.Rules().Reclaims); len(kinds) > 0 {
		failed = s.eachAwaiting(ctx, a, access.View{Kinds: kinds}, s.reclaimUnanswered)
	}
	if kinds := kindsThat(a.Rules().ReclaimsOffline); a.Rules().ReclaimOffline == workspace.ReclaimOfflineAfterGrace {
		for some := range slices.Chunk(absent(a.Directory), offlineBatch) {
			failed = errors.Join(failed, s.eachAwaiting(ctx, a, access.View{Kinds: kinds, Assignees: some}, s.reclaimStranded))
		}
	}
	return failed
}

// reclaimUnanswered is the step of reclaimAfter. The rest has time left once one has.
func (s *Queues) reclaimUnanswered(ctx context.Context, a access.Access, c inbox.Conversation) (more bool, err error) {
	now, rules := s.base.Clock(), a.Rules()
	due := c.ReclaimAt(rules)
	switch {
	case c.AwaitingReplySince.Add(rules.ReclaimAfter).After(now):
		return false, nil
	case due.IsZero() || due.After(now):
		return true, nil
	case c.Reclaimed() < rules.ReclaimLimit:
		return true, s.reclaim(ctx, a.Principal, c, access.StepReclaim, inbox.ReclaimUnanswered)
	}
	return true, s.reclaim(ctx, a.Principal, c, access.StepReportUnanswered, inbox.ReclaimUnanswered)
}

// reclaimStranded is the step of AFTER_GRACE.
func (s *Queues) reclaimStranded(ctx context.Context, a access.Access, c inbox.Conversation) (more bool, err error) {
	return true, s.reclaim(ctx, a.Principal, c, access.StepReclaimOffline, inbox.ReclaimOwnerOffline)
}

func kindsThat(such func(workspace.Kind) bool) []workspace.Kind {
	return slices.DeleteFunc(workspace.Kinds(), func(k workspace.Kind) bool { return !such(k) })
}

// reclaim takes one step, unless the contact was answered meanwhile.
func (s *Queues) reclaim(ctx context.Context, p inbox.Principal, c inbox.Conversation, step inbox.Action, cause inbox.ReclaimCause) error {
	_, err := s.run.change(ctx, p, Request{Conversation: c.ID}, verb{name: "reclaim", declared: s.run.the(step), known: &c, reason: string(cause)})
	return unlessGone(err)
}

// absent lists the members who are OFFLINE.
func absent(d *workspace.Directory) []workspace.MemberID {
	var out []workspace.MemberID
	for id := range d.Members {
		if m, ok := d.Member(id); ok && m.Absent() {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}

// eachAwaiting does act with each conversation of the view that a member owns and whose
// contact waits, the longest first, while there is more.
func (s *Queues) eachAwaiting(
	ctx context.Context, a access.Access, v access.View,
	act func(context.Context, access.Access, inbox.Conversation) (more bool, err error),
) error {
	q := awaitingQuery(a.Principal.Workspace, v)
	for {
		page, err := s.store.ListConversations(ctx, q)
		if err != nil {
			return err
		}
		for _, c := range page.Items {
			if more, err := act(ctx, a, c); err != nil || !more {
				return err
			}
		}
		if !page.HasNext || len(page.Items) == 0 {
			return nil
		}
		last := page.Items[len(page.Items)-1]
		q.Page.After = &inbox.PageCursor{At: last.AwaitingReplySince, ID: string(last.ID)}
	}
}

func awaitingQuery(ws workspace.WorkspaceID, v access.View) access.ConversationQuery {
	awaiting, all := true, map[workspace.Kind]workspace.Scope{}
	for _, kind := range v.Kinds {
		all[kind] = workspace.ScopeAll
	}
	v.Statuses, v.Handlers, v.Awaiting = []inbox.Status{inbox.Unset, inbox.Open}, []inbox.Handler{inbox.HandledByPerson}, &awaiting
	return access.ConversationQuery{
		Workspace: ws, View: v, Visibility: access.VisibilityFilter{Scopes: all}, Order: access.Order{Field: access.ByAwaitingReply},
		Page: inbox.PageRequest{Limit: reclaimBatch},
	}
}
