package mongo

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"switchboard/inbox"
	"switchboard/inbox/cluster"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

// expired are the beats of a server that is dead and not forgotten yet.
const expired = -1

// SavePresence replaces the stored presence of the member on that server.
func (s *Store) SavePresence(ctx context.Context, p cluster.Presence) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	doc := document.OfPresence(p)
	_, err := s.presences.ReplaceOne(ctx, inWorkspace(doc.Workspace, doc.ID), doc, options.Replace().SetUpsert(true))
	return fault("save a presence", err)
}

// PresencesOf lists the servers that the member is, or was, connected to.
func (s *Store) PresencesOf(ctx context.Context, ws workspace.WorkspaceID, m workspace.MemberID) ([]cluster.Presence, error) {
	docs, err := find[document.Presence](ctx, s, s.presences, bson.D{{Key: "workspace", Value: ws}, {Key: "member", Value: m}})
	return document.PresencesOf(docs), fault("read presences", err)
}

// LostPresences lists presences that were lost before a time, the oldest first, up
// to limit.
func (s *Store) LostPresences(ctx context.Context, before time.Time, limit int) ([]cluster.Presence, error) {
	lost := conditions{doc: bson.D{{Key: "lostAt", Value: bson.D{{Key: "$gt", Value: time.Time{}}, {Key: "$lt", Value: before}}}}}
	page, err := list[document.Presence](ctx, s, listing{
		from: s.presences, filter: lost, field: "lostAt", index: "lost", page: inbox.PageRequest{Limit: limit},
	})
	return document.PresencesOf(page.Items), fault("read lost presences", err)
}

// DeletePresence removes p, if it still is as it is there.
func (s *Store) DeletePresence(ctx context.Context, p cluster.Presence) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	_, err := s.presences.DeleteOne(ctx, append(inWorkspace(p.Workspace, document.PresenceID(p)), bson.E{Key: "lostAt", Value: p.LostAt}))
	return fault("forget a presence", err)
}

// ServerHeartbeat says that a server lives. ErrStale when it was taken for dead, or
// never began.
func (s *Store) ServerHeartbeat(ctx context.Context, server string, begin bool) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	if begin {
		return beginServer(ctx, s, server)
	}
	res, err := s.servers.UpdateOne(ctx, alive(server), bson.D{{Key: "$inc", Value: bson.D{{Key: "beats", Value: int64(1)}}}})
	if err == nil && res.MatchedCount == 0 {
		return commit.ErrStale
	}
	if err == nil {
		endAbandoned(ctx, s, s.abandoned.due(time.Now())) // the database answers
		if name, unsaved := s.sessions.pending(); len(unsaved) > 0 {
			err = s.saveSessions(ctx, name, unsaved)
		}
	}
	return fault("show a server", err)
}

// beginServer stores the document of a server, with the sessions that it used until now.
func beginServer(ctx context.Context, s *Store, server string) error {
	known := s.sessions.begin(server)
	_, err := s.servers.InsertOne(ctx, beginning{document.Server{Name: server, Beats: 1}, s.sessions.at(), known})
	if err == nil {
		s.sessions.stored(server, known)
	}
	return fault("begin to show a server", err)
}

// Servers gives the number of beats of each server.
func (s *Store) Servers(ctx context.Context) (map[string]int64, error) {
	docs, err := find[document.Server](ctx, s, s.servers, bson.D{}, options.Find().SetProjection(bson.D{{Key: "beats", Value: 1}}))
	out := make(map[string]int64, len(docs))
	for _, d := range docs {
		out[d.Name] = d.Beats
	}
	return out, fault("read the servers", err)
}

// ExpireServer says that a server is dead. It is marked first, so that it cannot
// come back; its transactions are ended and its connections are lost then, and it is
// forgotten at last.
func (s *Store) ExpireServer(ctx context.Context, server string, beats int64, at time.Time) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	still := bson.D{{Key: "_id", Value: server}, {Key: "beats", Value: bson.D{{Key: "$in", Value: bson.A{beats, int64(expired)}}}}}
	res, err := s.servers.UpdateOne(ctx, still, bson.D{{Key: "$set", Value: bson.D{{Key: "beats", Value: int64(expired)}}}})
	if err != nil {
		return fault("bury a server", err)
	}
	if res.MatchedCount == 0 {
		return commit.ErrStale
	}
	if err := s.endSessionsOf(ctx, server); err != nil {
		return fault("bury a server", err)
	}
	_, err = s.presences.UpdateMany(ctx, bson.D{{Key: "server", Value: server}, {Key: "lostAt", Value: time.Time{}}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "lostAt", Value: at}}}})
	if err == nil {
		_, err = s.servers.DeleteOne(ctx, bson.D{{Key: "_id", Value: server}, {Key: "beats", Value: int64(expired)}})
	}
	return fault("bury a server", err)
}
