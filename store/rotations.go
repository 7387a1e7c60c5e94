package store

import (
	"context"
	"net/url"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// rotationID has one slash more than the id of any load.
func rotationID(ws workspace.WorkspaceID, team workspace.TeamID) string {
	return url.PathEscape(string(ws)) + "/rotation/" + url.PathEscape(string(team))
}

// turnModel writes r when the stored one is the turn before. Else its filter
// finds nothing, and the insert meets the document that is there.
func turnModel(ws workspace.WorkspaceID, r inbox.Rotation) mongo.WriteModel {
	filter := bson.D{{Key: "_id", Value: rotationID(ws, r.Team)}, {Key: "count", Value: r.Count - 1}}
	update := bson.D{{Key: "$set", Value: bson.D{
		{Key: "team", Value: r.Team}, {Key: "given", Value: r.Member}, {Key: "since", Value: r.Since}, {Key: "count", Value: r.Count},
	}}}
	return mongo.NewUpdateOneModel().SetFilter(filter).SetUpdate(update).SetUpsert(true)
}

// loadOrRotation is a document of the collection of the loads. Rotations stand
// there too, so that both are read, and written, in one round trip.
type loadOrRotation struct {
	Load     loadDoc     `bson:",inline"`
	Rotation rotationDoc `bson:",inline"`
}

// rotationDoc leaves the id to the load.
type rotationDoc struct {
	Team   workspace.TeamID   `bson:"team"`
	Member workspace.MemberID `bson:"given"`
	Since  time.Time          `bson:"since"`
	Count  int64              `bson:"count"`
}

// LoadsAndRotations is Loads together with the rotations of teams; one that
// never turned is left out.
func (s *Store) LoadsAndRotations(ctx context.Context, ws workspace.WorkspaceID, members []workspace.MemberID, teams []workspace.TeamID) (map[workspace.MemberID]workspace.Load, map[workspace.TeamID]inbox.Rotation, error) {
	ids := make([]string, 0, len(members)+len(teams))
	for _, m := range members {
		ids = append(ids, loadID(ws, m))
	}
	for _, t := range teams {
		ids = append(ids, rotationID(ws, t))
	}
	docs, err := byIDs(ctx, s, s.loads, ids, func(loadOrRotation) bool { return true })
	if err != nil {
		return nil, nil, fault("read loads", err)
	}
	loads, rotations := make(map[workspace.MemberID]workspace.Load, len(docs)), map[workspace.TeamID]inbox.Rotation{}
	for _, d := range docs {
		if d.Rotation.Count > 0 {
			rotations[d.Rotation.Team] = inbox.Rotation(d.Rotation)
			continue
		}
		loads[d.Load.Member] = d.Load.load()
	}
	return loads, rotations, nil
}
