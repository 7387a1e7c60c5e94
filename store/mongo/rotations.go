package mongo

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

// turnModel writes r when the stored one is the turn before. Else its filter
// finds nothing, and the insert meets the document that is there.
func turnModel(ws workspace.WorkspaceID, r inbox.Rotation) driver.WriteModel {
	filter := append(inWorkspace(ws, document.RotationID(ws, r.Team)), bson.E{Key: "count", Value: r.Count - 1})
	update := bson.D{{Key: "$set", Value: bson.D{
		{Key: "team", Value: r.Team}, {Key: "given", Value: r.Member}, {Key: "since", Value: r.Since}, {Key: "count", Value: r.Count},
	}}}
	return driver.NewUpdateOneModel().SetFilter(filter).SetUpdate(update).SetUpsert(true)
}

// loadOrRotation is a document of the collection of the loads. Rotations stand
// there too, so that both are read, and written, in one round trip.
type loadOrRotation struct {
	Load     document.Load     `bson:",inline"`
	Rotation document.Rotation `bson:",inline"`
}

// LoadsAndRotations is Loads together with the rotations of teams; one that
// never turned is left out.
func (s *Store) LoadsAndRotations(ctx context.Context, ws workspace.WorkspaceID, members []workspace.MemberID, teams []workspace.TeamID) (map[workspace.MemberID]workspace.Load, map[workspace.TeamID]inbox.Rotation, error) {
	ids := make([]string, 0, len(members)+len(teams))
	for _, m := range members {
		ids = append(ids, document.LoadID(ws, m))
	}
	for _, t := range teams {
		ids = append(ids, document.RotationID(ws, t))
	}
	docs, err := byIDs(ctx, s, s.loads, ws, ids, all[loadOrRotation])
	if err != nil {
		return nil, nil, fault("read loads", err)
	}
	loads, rotations := make(map[workspace.MemberID]workspace.Load, len(docs)), map[workspace.TeamID]inbox.Rotation{}
	for _, d := range docs {
		if d.Rotation.Count > 0 {
			rotations[d.Rotation.Team] = inbox.Rotation(d.Rotation)
			continue
		}
		loads[d.Load.Member] = d.Load.Load()
	}
	return loads, rotations, nil
}
