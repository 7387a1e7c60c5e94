package resolvers

import (
	"context"
	"slices"

	"switchboard/graph/model"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/live/follow"
)

func (r *Resolver) workloads(ctx context.Context, teamID *string) (<-chan *model.WorkloadsChange, error) {
	var team workspace.TeamID
	if teamID != nil {
		var err error
		if team, err = idOf[workspace.TeamID]("teamId", typeTeam, *teamID); err != nil {
			return nil, err
		}
	}
	st, err := r.streams.Workloads(ctx, r.request(ctx, nil), team)
	return deliver(ctx, r, st, err, workloadsChangeOf)
}

func workloadsChangeOf(_ context.Context, d delivered[follow.WorkloadChange]) (*model.WorkloadsChange, error) {
	out := &model.WorkloadsChange{Cursor: d.cursor, Members: []*model.Workload{}, RemovedMemberIds: []string{}, Queue: queueOf(d.Body.Queue)}
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
		Cap: w.Cap, Availability: member.Availability,
	}
}

func queueOf(q desk.QueueDepth) *model.QueueDepth {
	return &model.QueueDepth{Waiting: q.Waiting, LongestWaitSince: optionalTime(q.LongestSince)}
}
