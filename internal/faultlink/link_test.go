package faultlink_test

import (
	"bufio"
	"io"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"switchboard/internal/faultlink"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// echo answers each line with itself, and sends those it received to heard.
func echo(t *testing.T) (addr string, heard <-chan string) {
	t.Helper()
	lines := make(chan string, 10)
	return listen(t, func(conn net.Conn) {
		for reader := bufio.NewReader(conn); ; {
			line, err := reader.ReadString('\n')
			if err != nil {
				return
			}
			lines <- line
			_, _ = io.WriteString(conn, line)
		}
	}), lines
}

// listen serves connections, one after another, until the test ends.
func listen(t *testing.T, serve func(net.Conn)) (addr string) {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	over := make(chan struct{})
	go func() {
		defer close(over)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			serve(conn)
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() { _ = listener.Close(); <-over })
	return listener.Addr().String()
}

type caller struct {
	t    *testing.T
	conn net.Conn
	from *bufio.Reader
}

func dial(t *testing.T, l *faultlink.Link) *caller {
	t.Helper()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", l.Addr())
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	return &caller{t, conn, bufio.NewReader(conn)}
}

func (c *caller) say(line string) {
	c.t.Helper()
	_, err := io.WriteString(c.conn, line)
	require.NoError(c.t, err)
}

func (c *caller) answered(line string) {
	c.t.Helper()
	got, err := c.from.ReadString('\n')
	require.NoError(c.t, err)
	require.Equal(c.t, line, got)
}

func (c *caller) hungUp() {
	c.t.Helper()
	_, err := c.from.ReadString('\n')
	require.Error(c.t, err)
}

func TestLink(t *testing.T) {
	for name, play := range map[string]func(*testing.T, *faultlink.Link, <-chan string){
		"passes": func(t *testing.T, l *faultlink.Link, _ <-chan string) {
			c := dial(t, l)
			c.say("hello\n")
			c.answered("hello\n")
		},
		"cuts, and takes in who comes back": func(t *testing.T, l *faultlink.Link, _ <-chan string) {
			c := dial(t, l)
			c.say("hello\n")
			c.answered("hello\n")
			require.Equal(t, 1, l.Cut())
			c.hungUp()
			c = dial(t, l)
			c.say("again\n")
			c.answered("again\n")
		},
		"refuses until it is healed": func(t *testing.T, l *faultlink.Link, _ <-chan string) {
			c := dial(t, l)
			c.say("hello\n")
			c.answered("hello\n")
			l.Refuse()
			c.hungUp()
			dial(t, l).hungUp()
			l.Heal()
			c = dial(t, l)
			c.say("again\n")
			c.answered("again\n")
		},
		"slows": func(t *testing.T, l *faultlink.Link, _ <-chan string) {
			l.Slow(20 * time.Millisecond)
			began := time.Now()
			c := dial(t, l)
			c.say("hello\n")
			c.answered("hello\n")
			require.GreaterOrEqual(t, time.Since(began), 40*time.Millisecond, "each way")
		},
		"loses answers, and hangs up when it is healed": func(t *testing.T, l *faultlink.Link, heard <-chan string) {
			c := dial(t, l)
			l.Swallow()
			c.say("hello\n")
			require.Equal(t, "hello\n", <-heard)
			l.Heal()
			c.hungUp()
		},
		"goes elsewhere": func(t *testing.T, l *faultlink.Link, _ <-chan string) {
			l.Target("127.0.0.1:1") // where nobody listens
			dial(t, l).hungUp()
		},
		"ends while slow": func(t *testing.T, l *faultlink.Link, _ <-chan string) {
			l.Slow(time.Hour)
			dial(t, l).say("hello\n")
		},
	} {
		t.Run(name, func(t *testing.T) {
			addr, heard := echo(t)
			l, err := faultlink.Listen(t.Context(), addr)
			require.NoError(t, err)
			defer func() { require.NoError(t, l.Close()) }()
			play(t, l, heard)
		})
	}
}
