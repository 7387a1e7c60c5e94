package jetstream

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"switchboard/inbox/eventlog"
	"switchboard/inbox/workspace"
	"switchboard/sink"
)

const (
	// remembers is for how long a stream that is made here knows what it has by its id.
	remembers = time.Hour
	// patience bounds one request.
	patience    = 10 * time.Second
	contentType = "application/cloudevents+json"
)

// Sink is a stream of JetStream. Subjects are PREFIX.WORKSPACE.CONVERSATION, the id of a
// message is WORKSPACE/SEQUENCE.
type Sink struct {
	conn   *nats.Conn
	js     jetstream.JetStream
	stream jetstream.Stream
	name   string
	prefix string
}

// Open connects to nats://HOST:PORT?stream=NAME&subject=PREFIX, or tls://. Without them the
// stream is SWITCHBOARD and the prefix switchboard. A stream that is not there is made, in
// files, for PREFIX.>; one that is there is left as it is, and refused if it cannot tell what
// it has. Later losses of the connection
// are mended by the client.
func Open(ctx context.Context, target string) (*Sink, error) {
	server, name, prefix, err := parse(target)
	if err != nil {
		return nil, err
	}
	conn, err := nats.Connect(server, nats.Name("switchboard"), nats.MaxReconnects(-1), nats.Timeout(patience))
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w", redacted(server), err)
	}
	s := &Sink{conn: conn, name: name, prefix: prefix}
	if s.js, err = jetstream.New(conn); err == nil {
		s.stream, err = stream(ctx, s.js, name, prefix)
	}
	if err != nil {
		conn.Close()
		return nil, fmt.Errorf("open the stream %s at %s: %w", name, redacted(server), err)
	}
	return s, nil
}

// Check says what is wrong with a URL that Open would not take; nil for one that it takes,
// whether or not a server answers there.
func Check(target string) error {
	_, _, _, err := parse(target)
	return err
}

func parse(target string) (server, stream, prefix string, err error) {
	u, err := url.Parse(target)
	switch {
	case err != nil:
		return "", "", "", errors.New("it is not a URL")
	case u.Scheme != "nats" && u.Scheme != "tls", u.Host == "":
		return "", "", "", errors.New("it does not begin with nats:// or tls:// and a host")
	}
	q := u.Query()
	stream, prefix = "SWITCHBOARD", "switchboard"
	for key := range q {
		switch key {
		case "stream":
			stream = q.Get(key)
		case "subject":
			prefix = q.Get(key)
		default:
			return "", "", "", fmt.Errorf("it has the parameter %q; only stream and subject are known", key)
		}
	}
	if stream == "" || strings.ContainsAny(stream, ". *>/\\") || prefix == "" || strings.ContainsAny(prefix, " *>") {
		return "", "", "", errors.New("its stream or subject is empty, or has a character that JetStream does not allow")
	}
	u.RawQuery, u.Path = "", ""
	return u.String(), stream, prefix, nil
}

func stream(ctx context.Context, js jetstream.JetStream, name, prefix string) (jetstream.Stream, error) {
	s, err := js.Stream(ctx, name)
	if err == nil {
		return s, unfit(s.CachedInfo().Config)
	}
	if !errors.Is(err, jetstream.ErrStreamNotFound) {
		return s, err
	}
	return js.CreateStream(ctx, jetstream.StreamConfig{
		Name: name, Subjects: []string{prefix + ".>"}, Duplicates: remembers,
		Description: "The logs of Switchboard's workspaces, as CloudEvents.",
	})
}

// unfit is why a stream that somebody made cannot tell what it has of a log, so that it would
// get records again and again; nil for one that can.
func unfit(c jetstream.StreamConfig) error {
	switch {
	case c.NoAck:
		return errors.New("it acknowledges nothing; turn no_ack off, or name another stream")
	case c.Retention != jetstream.LimitsPolicy:
		return fmt.Errorf("its retention is %s, by which it forgets what was taken of it; "+
			"set it to limits, or name another stream", c.Retention)
	}
	return nil
}

// Position reads the newest message of the workspace.
func (s *Sink) Position(ctx context.Context, ws workspace.WorkspaceID) (eventlog.Sequence, string, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	last, err := s.stream.GetLastMsgForSubject(ctx, s.prefix+"."+token(string(ws))+".>")
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return 0, "", nil
	}
	if err != nil {
		return 0, "", err
	}
	at, wrong := strconv.ParseInt(last.Header.Get(sequenceHeader), 10, 64)
	var event struct{ ID string }
	if err := json.Unmarshal(last.Data, &event); wrong != nil || err != nil {
		return 0, "", fmt.Errorf("%w: the newest message of %s has no %s; take it out, or name another stream",
			sink.ErrForeign, last.Subject, sequenceHeader)
	}
	return eventlog.Sequence(at), event.ID, nil
}

// sequenceHeader has the sequence in the log, beside the body that has it too.
const sequenceHeader = "Switchboard-Sequence"

// Publish sends one message after another: what JetStream stored is in the order of the
// log, whenever it fails.
func (s *Sink) Publish(ctx context.Context, all []sink.Message) error {
	for _, m := range all {
		if err := s.publish(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

func (s *Sink) publish(ctx context.Context, m sink.Message) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	conversation := "none"
	if m.Conversation != "" {
		conversation = token(string(m.Conversation))
	}
	sequence := fmt.Sprint(int64(m.Sequence))
	msg := nats.NewMsg(s.prefix + "." + token(string(m.Workspace)) + "." + conversation)
	msg.Header.Set("Content-Type", contentType)
	msg.Header.Set(sequenceHeader, sequence)
	msg.Data = m.Body
	here := jetstream.WithExpectStream(s.name) // another stream may have the subject, and Position would not see it there
	stored, err := s.js.PublishMsg(ctx, msg, jetstream.WithMsgID(string(m.Workspace)+"/"+sequence), here)
	if err != nil || !stored.Duplicate {
		return err
	}
	_, err = s.stream.GetMsg(ctx, stored.Sequence)
	if errors.Is(err, jetstream.ErrMsgNotFound) { // a stream knows ids of what was taken out of it
		msg.Header.Del(jetstream.MsgIDHeader)
		_, err = s.js.PublishMsg(ctx, msg, here)
	}
	return err
}

// Close ends the connection.
func (s *Sink) Close() { s.conn.Close() }

// token is an id as a part of a subject: what has a meaning there is written as =XX.
func token(id string) string {
	var b strings.Builder
	for _, c := range []byte(id) {
		if c == '.' || c == '*' || c == '>' || c == '=' || c <= ' ' || c >= 0x7f {
			fmt.Fprintf(&b, "=%02X", c)
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

func redacted(server string) string {
	if u, err := url.Parse(server); err == nil {
		return u.Redacted()
	}
	return "the sink"
}
