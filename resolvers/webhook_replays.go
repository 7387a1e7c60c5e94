package resolvers

import (
	"slices"

	"switchboard/graph/model"
	"switchboard/inbox/admin"
	"switchboard/inbox/workspace"
)

// replaysOf shows what was ordered of an endpoint, the newest first.
func replaysOf(w workspace.Webhook, at admin.WebhookStanding) []*model.WebhookReplay {
	out := make([]*model.WebhookReplay, 0, len(w.Replays))
	for _, r := range slices.Backward(w.Replays) {
		out = append(out, &model.WebhookReplay{
			ID: r.ID, At: r.At, Test: r.Test, From: sequence(r.From), To: sequence(r.To), OnlyParked: r.Parked,
			Settled: sequence(at.Replays[r.ID]), Over: slices.Contains(at.Ended, r.ID),
		})
	}
	return out
}
