package faultlink_test

import (
	"encoding/binary"
	"io"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/internal/faultlink"
)

// message is an OP_MSG whose document has one element of type string.
func message(id, answers int32, flags uint32, name, value string) []byte {
	element := append([]byte{2}, name...)
	element = append(element, 0)
	element = binary.LittleEndian.AppendUint32(element, uint32(len(value)+1)) //nolint:gosec // short
	element = append(append(element, value...), 0, 0)
	body := binary.LittleEndian.AppendUint32(nil, flags)
	body = append(body, 0)
	body = binary.LittleEndian.AppendUint32(body, uint32(4+len(element))) //nolint:gosec // short
	body = append(body, element...)
	var head []byte
	for _, n := range []int32{int32(16 + len(body)), id, answers, 2013} { //nolint:gosec // short
		head = binary.LittleEndian.AppendUint32(head, uint32(n)) //nolint:gosec // not negative
	}
	return append(head, body...)
}

// serveMessages answers each message twice: the first answer says that another one
// follows, and the second one answers the first.
func serveMessages(conn net.Conn) {
	for {
		asked, err := nextMessage(conn)
		if err != nil {
			return
		}
		id := int32(binary.LittleEndian.Uint32(asked[4:])) //nolint:gosec // ours
		_, _ = conn.Write(message(id+100, id, 2, "ok", "1"))
		_, _ = conn.Write(message(id+200, id+100, 0, "ok", "1"))
	}
}

func nextMessage(from io.Reader) ([]byte, error) {
	head := make([]byte, 16)
	if _, err := io.ReadFull(from, head); err != nil {
		return nil, err
	}
	whole := make([]byte, binary.LittleEndian.Uint32(head))
	copy(whole, head)
	_, err := io.ReadFull(from, whole[16:])
	return whole, err
}

func dialWire(t *testing.T) (*faultlink.Wire, net.Conn) {
	t.Helper()
	w, err := faultlink.ListenWire(t.Context(), listen(t, serveMessages))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, w.Close()) })
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", w.Addr())
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	return w, conn
}

// ask sends a message and takes both answers.
func ask(t *testing.T, conn net.Conn, asked []byte) {
	t.Helper()
	_, err := conn.Write(asked)
	require.NoError(t, err)
	for range 2 {
		_, err := nextMessage(conn)
		require.NoError(t, err)
	}
}

func TestWireCounts(t *testing.T) {
	w, conn := dialWire(t)
	find := message(1, 0, 0, "find", "events")
	ask(t, conn, find)
	ask(t, conn, message(2, 0, 0, "find", "events"))
	ask(t, conn, message(3, 0, 0, "ping", "1"))
	answers := len(message(0, 0, 0, "ok", "1")) * 2
	require.Equal(t, map[faultlink.Command]faultlink.Count{
		{Name: "find", Collection: "events"}: {Commands: 2, Requested: 2 * len(find), Answered: 2 * answers},
		{Name: "ping", Collection: "1"}:      {Commands: 1, Requested: len(message(3, 0, 0, "ping", "1")), Answered: answers},
	}, w.Counts())
	w.Reset()
	require.Empty(t, w.Counts())
}

func TestWireDelaysAnswersOfOneCommand(t *testing.T) {
	w, conn := dialWire(t)
	w.Delay("getMore", 30*time.Millisecond)
	began := time.Now()
	ask(t, conn, message(1, 0, 0, "getMore", "events"))
	require.GreaterOrEqual(t, time.Since(began), 60*time.Millisecond, "each answer of a stream of them")
	w.Delay("getMore", 0)
	w.Delay("find", time.Hour)
	ask(t, conn, message(2, 0, 0, "getMore", "events"))
}

func TestWireIsFarAway(t *testing.T) {
	w, conn := dialWire(t)
	w.Distance(40 * time.Millisecond)
	began := time.Now()
	ask(t, conn, message(1, 0, 0, "find", "events"))
	require.GreaterOrEqual(t, time.Since(began), 40*time.Millisecond)
}

func TestWireHangsUpOnWhatIsNoMessage(t *testing.T) {
	for name, sent := range map[string][]byte{
		"a length that is too small": message(1, 0, 0, "find", "events")[4:],
		"too large":                  append([]byte{255, 255, 255, 127}, make([]byte, 12)...),
	} {
		t.Run(name, func(t *testing.T) {
			_, conn := dialWire(t)
			_, err := conn.Write(sent)
			require.NoError(t, err)
			_, err = nextMessage(conn)
			require.Error(t, err)
		})
	}
}

// A change stream's commands are told from others by what they ask for, and by the
// cursor that opening it gave.
func TestWireTellsChangeStreams(t *testing.T) {
	w, err := faultlink.ListenWire(t.Context(), listen(t, serveStreams))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, w.Close()) })
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", w.Addr())
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	w.DelayStreams(20*time.Millisecond, 30*time.Millisecond)
	w.Delay("find", time.Hour)
	began := time.Now()
	for n, asked := range []bson.D{
		{{Key: "aggregate", Value: "events"}, {Key: "pipeline", Value: bson.A{bson.D{{Key: "$changeStream", Value: bson.D{}}}}}},
		{{Key: "getMore", Value: int64(7)}, {Key: "collection", Value: "events"}},
		{{Key: "getMore", Value: int64(8)}, {Key: "collection", Value: "events"}},
		{{Key: "aggregate", Value: "events"}, {Key: "pipeline", Value: bson.A{bson.D{{Key: "$match", Value: bson.D{}}}}}},
	} {
		_, err := conn.Write(document(t, int32(n), 0, asked)) //nolint:gosec // small
		require.NoError(t, err)
		_, err = nextMessage(conn)
		require.NoError(t, err)
	}
	require.GreaterOrEqual(t, time.Since(began), 50*time.Millisecond)
	streams := w.Total(func(c faultlink.Command) bool { return c.Stream })
	require.Equal(t, 2, streams.Commands)
	require.Equal(t, 4, w.Total(func(c faultlink.Command) bool { return c.Collection == "events" }).Commands)
}

func TestWireChangesAnswers(t *testing.T) {
	w, conn := dialWire(t)
	w.Rewrite("hello", func(c faultlink.Command, answer bson.D) bson.D {
		return append(answer, bson.E{Key: "to", Value: c.Name})
	})
	ask := func(name string) bson.Raw {
		_, err := conn.Write(message(1, 0, 0, name, "1"))
		require.NoError(t, err)
		first, err := nextMessage(conn)
		require.NoError(t, err)
		_, err = nextMessage(conn)
		require.NoError(t, err)
		return first[21:]
	}
	require.Equal(t, "hello", ask("hello").Lookup("to").StringValue())
	require.Equal(t, "1", ask("hello").Lookup("ok").StringValue())
	require.True(t, ask("ping").Lookup("to").IsZero())
	w.Rewrite("hello", nil)
	require.True(t, ask("hello").Lookup("to").IsZero())
}

// serveStreams answers every message with the cursor 7.
func serveStreams(conn net.Conn) {
	for {
		asked, err := nextMessage(conn)
		if err != nil {
			return
		}
		id := int32(binary.LittleEndian.Uint32(asked[4:])) //nolint:gosec // ours
		body, _ := bson.Marshal(bson.D{{Key: "cursor", Value: bson.D{{Key: "id", Value: int64(7)}}}})
		_, _ = conn.Write(wrapped(id+100, id, body))
	}
}

func document(t *testing.T, id, answers int32, d bson.D) []byte {
	t.Helper()
	body, err := bson.Marshal(d)
	require.NoError(t, err)
	return wrapped(id, answers, body)
}

// wrapped is an OP_MSG with one document.
func wrapped(id, answers int32, body []byte) []byte {
	var raw []byte
	for _, n := range []int32{int32(21 + len(body)), id, answers, 2013, 0} { //nolint:gosec // short
		raw = binary.LittleEndian.AppendUint32(raw, uint32(n)) //nolint:gosec // not negative
	}
	return append(append(raw, 0), body...)
}
