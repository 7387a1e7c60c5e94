package blackbox_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"
)

// faultAttempt bounds one attempt; an attempt without an answer is repeated with
// its key.
const faultAttempt = 20 * time.Second

// faultClient does one thing after the other in somebody's name.
type faultClient struct {
	run    *faultRun
	name   string
	token  string
	me     string // global id; empty for a contact
	mine   string // a contact's conversation
	verbs  []faultVerb
	random *rand.Rand
	http   *http.Client
	done   []faultAnswer
	undo   string // the client's last change that can be taken back
	asked  string // the conversation of the offer that the client chose last
}

// faultAct is a mutation with its input, apart from the key.
type faultAct struct {
	verb  string
	input object
	// bare says that it takes no key: it may be repeated anyhow.
	bare bool
	// on is the conversation that it is about, if the input does not name it.
	on string
}

// faultAnswer is what a client was finally told.
type faultAnswer struct {
	faultAct
	client string
	me     string // the member who asked; empty for none
	key    string
	tries  int
	// called is when it was sent first, last when it was sent last, and back when that was
	// answered; zero if it never was.
	called, last, back time.Time
	code               string // of the refusal; empty when it was done
	failed             string // an answer that is neither result, refusal, nor safe to repeat
	text               string
	// payload is what was done, and these are of it.
	payload             object
	event, conversation string
	message             string
	version             int
}

// work acts at most so often until it is told to stop. What it began it ends.
func (c *faultClient) work(ctx context.Context, rest time.Duration) {
	defer c.http.CloseIdleConnections()
	pace := time.NewTicker(rest)
	defer pace.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-pace.C:
		}
		act, ok := c.choose()
		if !ok {
			continue
		}
		for _, a := range c.answers(context.WithoutCancel(ctx), act) {
			c.done = append(c.done, a)
			c.learn(a)
		}
	}
}

// answers does one thing and gives its answers: one, or one for each conversation of a call
// with many, which is sometimes sent again although it was answered.
func (c *faultClient) answers(ctx context.Context, act faultAct) []faultAnswer {
	first := c.answer(ctx, act)
	all := first.each()
	if act.verb != "actOnConversations" || first.failed != "" || c.random.IntN(3) > 0 {
		return all
	}
	again := c.answer(ctx, act) // nothing is noted yet: the key is the same
	again.called, again.tries = first.called, again.tries+first.tries
	second := again.each()
	if why := repeated(all, second); why != "" {
		second[0].failed = why
	}
	return second
}

// answer sends the mutation, again with the same key for as long as there is no
// answer, to another server each time.
func (c *faultClient) answer(ctx context.Context, act faultAct) faultAnswer {
	a := faultAnswer{faultAct: act, client: c.name, me: plainID(c.me), called: time.Now()}
	if !act.bare {
		a.key = fmt.Sprintf("%s-%d", c.name, len(c.done))
		act.input["idempotencyKey"] = a.key
	}
	ctx, cancel := context.WithTimeout(ctx, 2*patience)
	defer cancel()
	again := time.NewTicker(10 * tick)
	defer again.Stop()
	for ; ctx.Err() == nil; <-again.C {
		a.tries++
		a.last = time.Now()
		got, err := c.attempt(ctx, act)
		back := time.Now()
		switch code := got.code(); {
		case err != nil:
			a.text = err.Error() // nobody there, or gone meanwhile
		case code == "UNAVAILABLE", code == "" && !got.tried():
			a.text = got.text
		case code != "":
			a.failed, a.text = code, got.text
			return a
		default:
			a.back = back
			a.read(got)
			return a
		}
	}
	a.failed = "never answered"
	return a
}

func (c *faultClient) attempt(ctx context.Context, act faultAct) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, faultAttempt)
	defer cancel()
	to := &client{server: &server{addr: c.run.any(), http: c.http}, token: c.token}
	return to.try(ctx, faultDocument(act.verb, c.me == "" && c.mine != "", c.me != ""), object{"input": act.input})
}

// read takes the answer apart.
func (a *faultAnswer) read(got answer) {
	a.text = got.text
	payload, ok := got.Data["done"].(object)
	if !ok {
		a.failed = "no payload"
		return
	}
	a.take(payload)
}

// take notes what a payload says.
func (a *faultAnswer) take(payload object) {
	a.payload = payload
	if refusal := refused(payload); refusal != nil {
		a.code, _ = refusal["code"].(string)
		return
	}
	a.event = plainID(dig(payload, "event", "id"))
	a.message = plainID(dig(payload, "message", "id"))
	a.conversation, _ = dig(payload, "conversation", "id").(string)
	version, _ := dig(payload, "event", "version").(float64)
	a.version = int(version)
}

// globalID and plainID are the two forms of an id.
func globalID(kind, id string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(kind + ":" + id))
}

func plainID(global any) string {
	text, _ := global.(string)
	plain, _ := base64.RawURLEncoding.DecodeString(text)
	_, id, _ := strings.Cut(string(plain), ":")
	return id
}
