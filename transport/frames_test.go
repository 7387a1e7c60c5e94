package transport_test

import (
	"bufio"
	"encoding/binary"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// clientFrame is a frame as clients send it, masked.
func clientFrame(first byte, payload string, mask [4]byte) string {
	head := []byte{first}
	switch n := len(payload); {
	case n < 126:
		head = append(head, 0x80|byte(n))
	case n < 1<<16:
		head = binary.BigEndian.AppendUint16(append(head, 0x80|126), uint16(n))
	default:
		head = binary.BigEndian.AppendUint64(append(head, 0x80|127), uint64(n))
	}
	masked := []byte(payload)
	for i := range masked {
		masked[i] ^= mask[i%4]
	}
	return string(append(append(head, mask[:]...), masked...))
}

// serverFrame reads one frame of the server: its first byte and its payload.
func serverFrame(t require.TestingT, r *bufio.Reader) (first byte, payload string) {
	var head [2]byte
	_, err := io.ReadFull(r, head[:])
	require.NoError(t, err)
	size := uint64(head[1])
	if size >= 126 {
		wide := make([]byte, map[uint64]int{126: 2, 127: 8}[size])
		_, err = io.ReadFull(r, wide)
		require.NoError(t, err)
		size = 0
		for _, b := range wide {
			size = size<<8 | uint64(b)
		}
	}
	data := make([]byte, size)
	_, err = io.ReadFull(r, data)
	require.NoError(t, err)
	return head[0], string(data)
}

// upgraded reads the answer to the upgrade.
func upgraded(t require.TestingT, conn io.Reader) *bufio.Reader {
	r := bufio.NewReader(conn)
	for {
		line, err := r.ReadString('\n')
		require.NoError(t, err)
		if line == "\r\n" {
			return r
		}
	}
}

// However a message is cut into frames, whatever they are masked with and however
// they arrive, it is the same message; control frames in between are answered.
func TestMessagesAreReadHoweverTheyCome(t *testing.T) {
	e := start(t, nil)
	rapid.Check(t, func(rt *rapid.T) {
		conn := e.rawSocket()
		defer conn.Close()
		r := upgraded(rt, conn)
		mask := func() (m [4]byte) {
			copy(m[:], rapid.SliceOfN(rapid.Byte(), 4, 4).Draw(rt, "mask"))
			return m
		}
		said := rapid.StringMatching(`[a-z]{0,40}`).Draw(rt, "said")
		said = strings.Repeat(said, rapid.SampledFrom([]int{1, 5, 300}).Draw(rt, "times"))
		rest, out, pings := `{"type":"ping","payload":{"said":"`+said+`"}}`, "", 0
		for first := byte(0x01); ; first = 0x00 {
			n := rapid.IntRange(0, len(rest)).Draw(rt, "fragment")
			last := rapid.Bool().Draw(rt, "last")
			if last {
				n, first = len(rest), first|0x80
			}
			out += clientFrame(first, rest[:n], mask())
			if rest = rest[n:]; last {
				break
			}
			if rapid.Bool().Draw(rt, "ping between") {
				out += clientFrame(0x89, "hello", mask())
				pings++
			}
		}
		for out != "" {
			n := rapid.IntRange(1, len(out)).Draw(rt, "written at once")
			_, err := io.WriteString(conn, out[:n])
			require.NoError(rt, err)
			out = out[n:]
		}
		for range pings {
			first, payload := serverFrame(rt, r)
			require.Equal(rt, byte(0x8A), first)
			require.Equal(rt, "hello", payload)
		}
		first, payload := serverFrame(rt, r)
		require.Equal(rt, byte(0x81), first)
		require.Equal(rt, `{"type":"pong","payload":{"said":"`+said+`"}}`, payload)
	})
}

// Who breaks the framing, or closes, is told in a close frame, and the connection
// ends.
func TestHowFramesEndASocket(t *testing.T) {
	none := [4]byte{}
	for name, test := range map[string]struct {
		sent string
		code uint16 // 0 for a close frame without one
	}{
		"closed with a code":            {clientFrame(0x88, "\x03\xE8bye", [4]byte{1, 2, 3, 4}), 1000},
		"closed without one":            {clientFrame(0x88, "", none), 0},
		"closed with one of its own":    {clientFrame(0x88, "\x0F\xA0", none), 4000},
		"closed in a message":           {clientFrame(0x01, "{", none) + clientFrame(0x88, "\x03\xE9", none), 1001},
		"closed with 1005":              {clientFrame(0x88, "\x03\xED", none), 1002},
		"closed with half a code":       {clientFrame(0x88, "\x03", none), 1002},
		"closed with a broken reason":   {clientFrame(0x88, "\x03\xE8\xff", none), 1002},
		"reserved bits":                 {clientFrame(0xC1, "{}", none), 1002},
		"an unknown kind":               {clientFrame(0x83, "{}", none), 1002},
		"an unknown control frame":      {clientFrame(0x8B, "", none), 1002},
		"not masked":                    {"\x81\x02{}", 1002},
		"a ping that is cut":            {clientFrame(0x09, "", none), 1002},
		"a ping that is too long":       {clientFrame(0x89, strings.Repeat("x", 126), none), 1002},
		"continued from nothing":        {clientFrame(0x80, "{}", none), 1002},
		"begun in another":              {clientFrame(0x01, "{", none) + clientFrame(0x81, "}", none), 1002},
		"of a size that cannot be":      {"\x81\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x00\x00\x00\x00", 1002},
		"too large, in one frame":       {clientFrame(0x81, strings.Repeat("x", 17<<10), none), 1009},
		"too large, in several":         {clientFrame(0x01, strings.Repeat("x", 9<<10), none) + clientFrame(0x80, strings.Repeat("x", 9<<10), none), 1009},
		"announced to be of a petabyte": {"\x81\xFF\x00\x04\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", 1009},
		"binary":                        {clientFrame(0x82, "{}", none), 4400},
	} {
		t.Run(name, func(t *testing.T) {
			e := start(t, nil)
			conn := e.rawSocket()
			r := upgraded(t, conn)
			_, err := io.WriteString(conn, test.sent)
			require.NoError(t, err)
			first, payload := serverFrame(t, r)
			require.Equal(t, byte(0x88), first)
			if test.code == 0 {
				require.Empty(t, payload)
			} else {
				require.Equal(t, test.code, binary.BigEndian.Uint16([]byte(payload)), payload[2:])
			}
			_ = conn.Close()
			eventually(t, func() bool { return e.server.Sockets() == 0 }, "it is gone")
		})
	}
}
