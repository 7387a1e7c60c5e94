package client

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"regexp"
	"slices"
	"time"

	"github.com/Khan/genqlient/graphql"
	"github.com/coder/websocket"
)

// subscription is one that comes back by itself.
type subscription struct {
	client    *Client
	name      string
	query     string
	variables map[string]any
	channel   any
	forward   graphql.ForwardDataFunction
	cancel    context.CancelFunc
	done      chan struct{} // closed once it has ended
	attempt   int           // since the last item
	refused   string        // the token that the server refused last
}

// passes reports whether the same subscription may work in a moment.
func passes(code string) bool {
	return code == "UNAVAILABLE" || code == "INTERNAL" || code == "RATE_LIMITED"
}

// final reports whether a close code means that the request is wrong, and will be again.
func final(code websocket.StatusCode) bool {
	return slices.Contains([]websocket.StatusCode{websocket.StatusProtocolError, websocket.StatusPolicyViolation, 4400, 4401, 4406, 4409}, code)
}

var takesAfter = regexp.MustCompile(`\$after\b`)

const refusal websocket.StatusCode = 4403

// run connects, again and again, until the server ends the subscription or nobody wants it any more.
func (s *subscription) run(ctx context.Context) {
	defer close(s.done)
	defer reflect.ValueOf(s.channel).Close()
	defer s.cancel()
	for ctx.Err() == nil {
		token, err := s.client.token(ctx, s.refused)
		if err == nil {
			err = s.follow(ctx, token)
		}
		if ctx.Err() != nil || s.over(token, err) {
			return
		}
		s.lost()
		select {
		case <-time.After(s.client.options.Wait(s.attempt)):
			s.attempt++
		case <-ctx.Done():
		}
	}
}

// over reports whether a connection ended for good, and delivers why.
func (s *subscription) over(token string, err error) bool {
	var fault *fault
	var closed websocket.CloseError
	switch {
	case err == nil: // completed
		return true
	case errors.As(err, &fault) && fault.code() == "INVALID_CURSOR" && s.placed():
		delete(s.variables, "after")
		return false
	case errors.As(err, &fault):
		return !passes(fault.code()) && s.deliver(fault.payload())
	case errors.As(err, &closed) && closed.Code == refusal:
		again := token == s.refused
		s.refused = token
		return again && s.deliver(refusedPayload(closed.Reason))
	case errors.As(err, &closed):
		return final(closed.Code) && s.deliver(endedPayload(closed.Reason))
	}
	return false
}

// placed reports whether it can go on where it stopped.
func (s *subscription) placed() bool {
	after, _ := s.variables["after"].(string)
	return after != "" && takesAfter.MatchString(s.query)
}

func (s *subscription) lost() {
	if !s.placed() {
		s.client.options.Missed(s.name)
	}
}

// take delivers an item, and remembers its place.
func (s *subscription) take(payload json.RawMessage) error {
	var item struct {
		Data   map[string]json.RawMessage
		Errors []faultEntry
	}
	if err := json.Unmarshal(payload, &item); err != nil {
		return err
	}
	if len(item.Errors) > 0 {
		return &fault{item.Errors}
	}
	s.attempt, s.refused = 0, ""
	for _, root := range item.Data {
		var place struct{ Cursor string }
		if json.Unmarshal(root, &place) == nil && place.Cursor != "" && takesAfter.MatchString(s.query) {
			s.variables["after"] = place.Cursor
		}
	}
	s.deliver(payload)
	return nil
}

// deliver hands a payload to the reader, and waits for it. It returns true.
func (s *subscription) deliver(payload json.RawMessage) bool {
	_ = s.forward(s.channel, payload) // a payload of another form than the generated one has: its reader gets the next
	return true
}
