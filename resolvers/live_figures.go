package resolvers

import (
	"context"
	"slices"

	"switchboard/graph/model"
	"switchboard/inbox/workspace"
	"switchboard/live/follow"
)

func countsChangeOf(_ context.Context, d delivered[[]follow.ViewCount]) (*model.InboxCountsChange, error) {
	out := &model.InboxCountsChange{Cursor: d.cursor, Counts: []*model.InboxCount{}}
	for _, one := range d.Body {
		out.Counts = append(out.Counts, &model.InboxCount{View: one.View, Count: one.Count})
	}
	return out, nil
}

func workloadsChangeOf(_ context.Context, d delivered[follow.WorkloadChange]) (*model.WorkloadsChange, error) {
	queue := &model.QueueDepth{Waiting: d.Body.Queue.Waiting, LongestWaitSince: optionalTime(d.Body.Queue.LongestSince)}
	out := &model.WorkloadsChange{Cursor: d.cursor, Members: []*model.Workload{}, RemovedMemberIds: []string{}, Queue: queue}
	for _, w := range d.Body.Members {
		out.Members = append(out.Members, workloadOf(w))
	}
	for _, id := range d.Body.Removed {
		out.RemovedMemberIds = append(out.RemovedMemberIds, GlobalID(typeMember, id))
	}
	slices.Sort(out.RemovedMemberIds)
	return out, nil
}

func workloadOf(w workspace.Workload) *model.Workload {
	member := memberOf(w.Member)
	return &model.Workload{
		Member: member, OpenConversations: w.Load.Open(), OpenLivechats: w.Load.Livechats, OpenTickets: w.Load.Tickets,
		Reserved: w.Load.Reserved(), Cap: w.Cap, Availability: member.Availability,
	}
}

func liveViewerOf(ctx context.Context, d delivered[struct{}]) (*model.Viewer, error) {
	return d.scope.viewer(ctx)
}
