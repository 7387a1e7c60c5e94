package blackbox_test

import (
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

const shownQuery = `{ conversations(view: {list: ALL, statuses: [OPEN, UNSET]}, orderBy: {field: LAST_ACTIVITY, direction: DESC}, first: 10) { nodes { id revision } } }`

// The examples of docs/clients.md, in every language and library, follow a list and the events at one address. The server
// there ends and stays away until each client has tried several times in vain, while 20 changes are made on another
// server; then it comes back, and is replaced in good order and killed. No event is delivered twice or lost, no row goes
// back, and each list ends as the server's. B:V3
func TestTheExamplesComeBack(t *testing.T) {
	t.Parallel()
	arguments := []string{"--mongodb-uri", database(t), "--shutdown-grace", "1m", "--cost-per-second", "0"}
	other := demo(t, arguments...)
	served := demo(t, arguments...)
	addr := served.addr
	again := func() { served = demo(t, append(arguments, "--addr", addr)...) }
	d := other.desk(t, "demo")
	w := &worker{desk: d}
	examples := startExamples(t, "http://"+addr+"/graphql", d.owner.token, d.manager.token)
	eventually(t, "every example follows", func() bool {
		w.work(1)
		return all(examples, func(e *example) bool { return e.rows() != "" && e.heardOneOf(w.events) })
	})
	w.events = nil
	settle := func(when string) {
		t.Helper()
		for _, e := range examples {
			eventually(t, e.name+" is right "+when, func() bool { return e.heardAll(w.events) && e.rows() == w.shown() })
		}
	}
	w.work(5)
	settle("before anything happened")

	served.terminate()
	vain := refuse(t, addr)
	w.work(20)
	eventually(t, "every example has tried in vain, several times", func() bool { return vain.tries.Load() >= int64(3*len(examples)) })
	vain.end()
	again()
	settle("after the server was away")

	for round := range 2 { // a rolling restart, and a server that is killed
		w.work(5)
		if round == 0 {
			served.terminate()
		} else {
			served.signal(syscall.SIGKILL)
			served.wait()
		}
		w.work(5)
		again()
		settle(fmt.Sprint("after restart ", round))
	}
	for _, e := range examples {
		e.neverTwiceNorBack(t)
	}
}

// worker changes conversations in every way that a list shows.
type worker struct {
	desk   *desk
	chats  []string
	turn   int
	events []string
}

func (w *worker) work(times int) {
	for range times {
		w.turn++
		if w.turn%5 == 1 {
			id, _ := w.desk.chat()
			w.chats = append(w.chats, id)
		}
		input := object{"conversationId": w.chats[len(w.chats)-1-w.turn%min(len(w.chats), 3)]}
		switch w.turn % 5 {
		case 0:
			w.desk.owner.must("takeOverConversation", object{"conversationId": input["conversationId"]})
			input["status"] = "CLOSED"
		case 1, 2:
			input["status"] = "OPEN"
		case 3:
			w.desk.owner.must("sendMessage", object{"conversationId": input["conversationId"], "body": "A note.", "internal": true})
			input["status"] = "UNSET"
		case 4:
			input["status"] = "OPEN"
		}
		if payload, refusal := w.desk.owner.verb("setConversationStatus", input); refusal == nil && payload["event"] != nil {
			w.events = append(w.events, str(w.desk.owner.t, payload, "event.id"))
		}
	}
}

// shown is what the list is on the server, as the examples print it.
func (w *worker) shown() string {
	rows := []string{"rows"}
	nodes, _ := w.desk.owner.do(shownQuery, nil).at("conversations.nodes").([]any)
	for _, node := range nodes {
		rows = append(rows, fmt.Sprint(str(w.desk.owner.t, node, "id"), ":", number(w.desk.owner.t, node, "revision")))
	}
	return strings.Join(rows, " ")
}

// inVain accepts connections where a server was, and closes them.
type inVain struct {
	listener net.Listener
	done     chan struct{}
	tries    atomic.Int64
}

func refuse(t *testing.T, addr string) *inVain {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", addr)
	require.NoError(t, err)
	v := &inVain{listener: listener, done: make(chan struct{})}
	t.Cleanup(v.end)
	go func() {
		defer close(v.done)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_ = conn.Close()
			v.tries.Add(1)
		}
	}()
	return v
}

func (v *inVain) end() {
	_ = v.listener.Close()
	<-v.done
}
