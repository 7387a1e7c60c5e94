package hostile

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
)

// Sizes of the attacks by socket.
const (
	resumesAtOnce     = 200
	subscriptionsEach = 10_000
	unreadQueries     = 500
	stillThere        = 100 * time.Millisecond
)

// prepare encodes the messages of the attacks by socket. They are sent again and
// again, and encoding each anew cost a whole core, which the honest people then
// lacked.
func (v *visitor) prepare() {
	for i := range resumesAtOnce {
		v.resuming = append(v.resuming, subscribing(i, updates, Object{"id": v.open.id, "after": v.old}))
	}
	for i := range subscriptionsEach {
		query := fmt.Sprintf(`subscription S%d($id: ID!) { a%d: conversationUpdates(id: $id) { cursor gap message { id body } } }`, i, i)
		v.subscribing = append(v.subscribing, subscribing(i, query, Object{"id": v.open.id}))
	}
}

func subscribing(i int, query string, variables Object) []byte {
	frame, _ := json.Marshal(subscription(fmt.Sprint(i), query, variables)) // made of strings
	return frame
}

// resumes goes on behind an old cursor, two hundred times at once.
func (v *visitor) resumes(ctx context.Context) { v.fill(ctx, "resumes", v.resuming) }

// subscriptions opens ten thousand on one socket, no two with the same document.
func (v *visitor) subscriptions(ctx context.Context) { v.fill(ctx, "subscriptions", v.subscribing) }

// fill sends each of the frames on a socket and reads until that ends, or each was
// refused.
func (v *visitor) fill(ctx context.Context, what string, frames [][]byte) {
	conn, err := v.API.socket(ctx, v.open.token)
	if err != nil {
		v.ended(ctx, what, err)
		return
	}
	written := make(chan struct{})
	go func() {
		defer close(written)
		for _, frame := range frames {
			if conn.Write(ctx, websocket.MessageText, frame) != nil {
				return
			}
		}
	}()
	defer func() { _ = conn.CloseNow(); <-written }()
	for refused := 0; refused < len(frames); {
		var m message
		if err := wsjson.Read(ctx, conn, &m); err != nil {
			v.ended(ctx, what, err)
			return
		}
		switch m.Type {
		case "next":
			v.Counts.add(what, "OK")
		case "error":
			refused++
			v.Counts.add(what, codeOf(m.Payload))
		case "ping":
			_ = wsjson.Write(ctx, conn, message{Type: "pong"}) // the read shows it
		}
	}
}

// slow asks for long answers and reads none of them, until it is thrown out.
func (v *visitor) slow(ctx context.Context) {
	conn, err := v.API.socket(ctx, v.open.token)
	if err != nil {
		v.ended(ctx, "slow", err)
		return
	}
	defer func() { _ = conn.CloseNow() }()
	for i := range unreadQueries {
		if err := subscribe(ctx, conn, fmt.Sprint(i), wide(), Object{"id": v.open.id}); err != nil {
			v.ended(ctx, "slow", err)
			return
		}
	}
	v.Counts.add("slow", "OK")
	again := time.NewTicker(stillThere)
	defer again.Stop()
	for ; ctx.Err() == nil; <-again.C { // whether it was thrown out
		if err := wsjson.Write(ctx, conn, message{Type: "ping"}); err != nil {
			v.ended(ctx, "slow", err)
			return
		}
	}
}

// reconnects connects and leaves.
func (v *visitor) reconnects(ctx context.Context) {
	conn, err := v.API.socket(ctx, v.open.token)
	if err != nil {
		v.ended(ctx, "reconnects", err)
		return
	}
	defer func() { _ = conn.CloseNow() }()
	var m message
	if err := wsjson.Read(ctx, conn, &m); err != nil {
		v.ended(ctx, "reconnects", err)
		return
	}
	v.Counts.add("reconnects", "OK")
}

// ended counts how a socket ended that was not let go.
func (v *visitor) ended(ctx context.Context, what string, err error) {
	if ctx.Err() != nil {
		return
	}
	if code := websocket.CloseStatus(err); code > 0 {
		v.Counts.add(what, fmt.Sprint("closed ", int(code)))
		return
	}
	v.Counts.add(what, "lost")
}

func codeOf(payload json.RawMessage) string {
	var errs []struct{ Extensions struct{ Code string } }
	if json.Unmarshal(payload, &errs) != nil || len(errs) == 0 {
		return "error"
	}
	return errs[0].Extensions.Code
}
