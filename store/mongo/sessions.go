package mongo

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"switchboard/store/document"
)

// A server that is killed leaves transactions behind that the database keeps open, with
// locks on what they wrote and with the change stream waiting for them, until they are as
// old as transactionLifetimeLimitSeconds. So the ids of the sessions in which a server
// runs transactions are stored beside its heartbeats, each before its first transaction,
// and whoever finds the server dead ends them.

// maxSessions bounds the ids that are kept of one server. The driver uses a session
// again and again, so that there are as many as transactions ran at once.
const maxSessions = 2000

// sessions are the ids of the sessions in which this process ran transactions.
type sessions struct {
	mu      sync.Mutex
	server  string // that beats; empty before the first heartbeat
	place   string // see EndPredecessor
	known   map[string]bson.Raw
	unsaved map[string]bson.Raw // those of known that are not stored for server
}

// begin changes the name under which ids are stored; with it all have to be stored again.
func (s *sessions) begin(server string) (ids []bson.Raw) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.server, s.unsaved = server, maps.Clone(s.known)
	return slices.Collect(maps.Values(s.known))
}

// use notes the id of a session. The result is what has to be stored before it is used,
// and for which server.
func (s *sessions) use(id bson.Raw) (server string, ids []bson.Raw) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := string(id)
	if s.known == nil || len(s.known) >= maxSessions {
		s.known, s.unsaved = map[string]bson.Raw{}, map[string]bson.Raw{}
	}
	if _, there := s.known[key]; !there {
		s.known[key], s.unsaved[key] = id, id
	}
	if _, missing := s.unsaved[key]; !missing {
		return "", nil
	}
	return s.waiting()
}

// pending is what has to be stored.
func (s *sessions) pending() (server string, ids []bson.Raw) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.waiting()
}

// waiting needs mu.
func (s *sessions) waiting() (server string, ids []bson.Raw) {
	if s.server == "" {
		return "", nil
	}
	return s.server, slices.Collect(maps.Values(s.unsaved))
}

// stored notes that the ids are stored for server.
func (s *sessions) stored(server string, ids []bson.Raw) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if server != s.server {
		return
	}
	for _, id := range ids {
		delete(s.unsaved, string(id))
	}
}

// own reports whether server is this process.
func (s *sessions) own(server string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.server == server
}

// at is the place of this process; empty before EndPredecessor.
func (s *sessions) at() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.place
}

// settle names the place of this process.
func (s *sessions) settle(place string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.place = place
}

// noteSession stores the id of a session that runs its first transaction. A failure is
// mended by the next heartbeat.
func (s *Store) noteSession(ctx context.Context, session *driver.Session) {
	server, unsaved := s.sessions.use(session.ID())
	if len(unsaved) == 0 {
		return
	}
	if err := s.saveSessions(ctx, server, unsaved); err != nil && ctx.Err() == nil {
		s.log.Debug("the id of a session could not be stored", slog.Any("error", err))
	}
}

// saveSessions adds ids to the document of a server that lives.
func (s *Store) saveSessions(ctx context.Context, server string, ids []bson.Raw) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	more := bson.D{{Key: "$each", Value: ids}, {Key: "$slice", Value: -maxSessions}}
	res, err := s.servers.UpdateOne(ctx, alive(server), bson.D{{Key: "$push", Value: bson.D{{Key: "sessions", Value: more}}}})
	if err == nil && res.MatchedCount > 0 {
		s.sessions.stored(server, ids)
	}
	return err
}

func alive(server string) bson.D {
	return bson.D{{Key: "_id", Value: server}, {Key: "beats", Value: bson.D{{Key: "$gt", Value: 0}}}}
}

// serverSessions is the part of a server's document that says how to end it.
type serverSessions struct {
	Name     string     `bson:"_id"`
	Sessions []bson.Raw `bson:"sessions"`
}

// beginning is the document of a server as it begins.
type beginning struct {
	document.Server `bson:",inline"`
	Place           string     `bson:"place,omitempty"`
	Sessions        []bson.Raw `bson:"sessions,omitempty"`
}

// endSessions ends the transactions that a dead server left.
func (s *Store) endSessions(ctx context.Context, dead serverSessions) error {
	if len(dead.Sessions) == 0 {
		return nil
	}
	return killSessions(ctx, s, "a server that died", dead.Sessions, slog.String("server", dead.Name))
}

// killSessions ends the transactions that somebody left. A database that does not know the
// command ends them by itself, later.
func killSessions(ctx context.Context, s *Store, whose string, ids []bson.Raw, who ...any) error {
	err := s.db.RunCommand(ctx, bson.D{{Key: "killSessions", Value: ids}}).Err()
	if err != nil && answered(err) && !passes(err) {
		s.log.Warn("the transactions of "+whose+" cannot be ended: until the database ends them by itself, changes of the conversations that it was changing and live updates may wait",
			slog.Duration("up to", s.transactionLifetime(ctx)), slog.Any("error", err))
		return nil
	}
	if err == nil {
		s.log.Info("the transactions of "+whose+" were ended", append(who, slog.Int("sessions", len(ids)))...)
	}
	return err
}

// defaultLifetime is how long MongoDB keeps transactions unless it is told otherwise.
const defaultLifetime = time.Minute

// transactionLifetime asks how long the database keeps transactions; the default where
// it does not say.
func (s *Store) transactionLifetime(ctx context.Context) time.Duration {
	const name = "transactionLifetimeLimitSeconds"
	var answer bson.Raw
	err := s.client.Database("admin").RunCommand(ctx, bson.D{{Key: "getParameter", Value: 1}, {Key: name, Value: 1}}).Decode(&answer)
	if err != nil {
		return defaultLifetime
	}
	seconds, _ := answer.Lookup(name).AsInt64OK()
	return cmp.Or(time.Duration(seconds)*time.Second, defaultLifetime)
}

// EndPredecessor ends the transactions that an earlier process left which was killed at
// the same place: the name of the machine with the address that this process listens on,
// so that the earlier one cannot live. Call it before the first ServerHeartbeat, which
// stores the place for the next process. Its connections are taken for lost by the duty
// that looks for dead servers. UNAVAILABLE when the database does not answer.
func (s *Store) EndPredecessor(ctx context.Context, place string) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	s.sessions.settle(place)
	earlier, err := find[serverSessions](ctx, s, s.servers, bson.D{{Key: "place", Value: place}})
	if err != nil {
		return fault("look for an earlier server", err)
	}
	for _, dead := range earlier {
		if err := s.endSessions(ctx, dead); err != nil {
			return fault("end the transactions of an earlier server", err)
		}
	}
	return nil
}

// endSessionsOf is endSessions by the name of a server.
func (s *Store) endSessionsOf(ctx context.Context, server string) error {
	if s.sessions.own(server) { // which ends in good order
		return nil
	}
	dead, err := findOne[serverSessions](ctx, s, s.servers, bson.D{{Key: "_id", Value: server}}, options.FindOne().SetProjection(bson.D{{Key: "sessions", Value: 1}}))
	if errors.Is(err, driver.ErrNoDocuments) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.endSessions(ctx, dead)
}
