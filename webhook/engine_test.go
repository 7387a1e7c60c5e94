package webhook_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/eventlog"
	"switchboard/inbox/webhooks"
	"switchboard/inbox/workspace"
	"switchboard/webhook"
)

// Events come in order, with the one before named, once each. B:V12
func TestSendsWhatHappens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &receiver{}
		d := newDesk(t, r)
		d.happens("a", "a")
		d.endpoint("crm", func(w *workspace.Webhook) { w.From = 1 })
		defer d.run()()
		synctest.Wait()
		require.Equal(t, []int64{2}, sequences(r.received()), "it begins behind From")
		d.happens("b", "ticket", "a")
		time.Sleep(time.Minute)
		require.ElementsMatch(t, []int64{2, 3, 5}, sequences(r.received()))
		for _, one := range r.received() {
			require.Equal(t, map[int64]int64{2: 0, 3: 2, 5: 3}[one.body.Sequence], one.body.Previous)
			require.Equal(t, one.body.ID, one.header.Get("Webhook-Id"))
			require.Equal(t, one.body.ID, one.header.Get("Ce-Id"))
			require.Equal(t, "1.0", one.header.Get("Ce-Specversion"))
			require.Equal(t, fmt.Sprint(one.body.Sequence), one.header.Get("Ce-Sequence"))
			require.Empty(t, one.header.Get("Webhook-Replay"))
		}
		require.Equal(t, webhooks.Skipped, d.store.stored("crm", 4).State, "the key may not see tickets")
		require.EqualValues(t, 5, d.store.at("crm").Delivered)
	})
}

// A payload whose making panics ends neither the program nor what is sent to others, and is
// made again. B:V12
func TestAPanicEndsNoServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &receiver{}
		d := newDesk(t, r)
		c, panics := d.config(), 3
		render := c.Render
		c.Render = func(ctx context.Context, w workspace.Webhook, one eventlog.Record) (*webhook.Payload, error) {
			if w.ID == "crm" && panics > 0 {
				panics--
				panic("of one record")
			}
			return render(ctx, w, one)
		}
		d.engine = webhook.NewEngine(c)
		d.endpoint("crm")
		d.endpoint("erp")
		defer d.run()()
		d.happens("a")
		synctest.Wait()
		require.Equal(t, webhooks.Delivered, d.store.stored("erp", 1).State)
		time.Sleep(time.Minute)
		synctest.Wait()
		require.Zero(t, panics)
		require.Equal(t, webhooks.Delivered, d.store.stored("crm", 1).State)
	})
}

// What fails is tried again at the listed times over 76 hours, then parked, and its
// conversation goes on. B:V12
func TestRetriesThenParks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var at []time.Duration
		began := time.Now()
		r := &receiver{answer: func(_ *http.Request, g got) (int, http.Header) {
			if g.body.Sequence == 1 {
				at = append(at, g.at.Sub(began).Truncate(time.Second))
				return http.StatusInternalServerError, nil
			}
			return http.StatusOK, nil
		}}
		d := newDesk(t, r)
		d.endpoint("crm")
		d.happens("a", "a", "b")
		defer d.run()()
		time.Sleep(75 * time.Hour)
		require.Equal(t, []int64{3}, sequences(r.received()), "only the conversation waits")
		time.Sleep(2 * time.Hour)
		require.Equal(t, []int64{3, 2}, sequences(r.received()))
		require.Equal(t, webhooks.Parked, d.store.stored("crm", 1).State)
		require.Len(t, d.store.stored("crm", 1).Attempts, 11)
		r.hold(func() {})
		require.Len(t, at, 11)
		h, m, s := time.Hour, time.Minute, time.Second
		require.Equal(t, []time.Duration{0, 5 * s, 35 * s, 5*m + 35*s, 35*m + 35*s, 2*h + 35*m + 35*s, 7*h + 35*m + 35*s, 17*h + 35*m + 35*s, 31*h + 35*m + 35*s, 51*h + 35*m + 35*s, 75*h + 35*m + 35*s}, at)
	})
}

// An endpoint that only fails is tried once a minute, loses nothing, and is disabled after
// five days. B:V12
func TestFailingEndpoints(t *testing.T) {
	for name, back := range map[string]time.Duration{"comes back": 3 * time.Hour, "never comes back": 1000 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began, tries := time.Now(), 0
				r := &receiver{answer: func(_ *http.Request, g got) (int, http.Header) {
					if g.at.Sub(began) < back {
						tries++
						return http.StatusBadGateway, nil
					}
					return http.StatusOK, nil
				}}
				d := newDesk(t, r)
				d.endpoint("crm")
				for i := range 100 {
					d.happens(fmt.Sprint("c", i))
				}
				defer d.run()()
				time.Sleep(time.Minute)
				require.True(t, d.store.at("crm").Health.Failing())
				count := func() (n int) { r.hold(func() { n = tries }); return n }
				before := count()
				time.Sleep(time.Hour)
				require.InDelta(t, 60, count()-before, 1, "one a minute")
				time.Sleep(3 * time.Hour)
				if back > 100*time.Hour {
					time.Sleep(121 * time.Hour)
					require.Equal(t, []string{"FAILING"}, d.ended())
					return
				}
				require.Len(t, r.received(), 100, "nothing was lost")
				require.EqualValues(t, 100, d.store.at("crm").Delivered)
				require.False(t, d.store.at("crm").Health.Failing())
			})
		})
	}
}

// 410 ends an endpoint; 429 and 503 leave it alone for as long as it asks. B:V12
func TestWhatStatusesMean(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &receiver{answer: func(*http.Request, got) (int, http.Header) { return http.StatusGone, nil }}
		d := newDesk(t, r)
		d.endpoint("crm")
		d.happens("a")
		defer d.run()()
		synctest.Wait()
		require.Equal(t, []string{"GONE"}, d.ended())
	})
	for status, header := range map[int]string{429: "90", 503: "90", 500: "", 302: ""} {
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			var second time.Duration
			n := 0
			r := &receiver{answer: func(_ *http.Request, g got) (int, http.Header) {
				if n++; n == 1 {
					return status, http.Header{"Retry-After": {"90"}, "Location": {"http://127.0.0.1/"}}
				}
				second = g.at.Sub(began)
				return http.StatusOK, nil
			}}
			d := newDesk(t, r)
			d.endpoint("crm")
			d.happens("a")
			defer d.run()()
			time.Sleep(time.Hour)
			r.hold(func() {})
			require.Equal(t, map[bool]time.Duration{true: 90 * time.Second, false: 5 * time.Second}[header != ""], second.Truncate(time.Second))
			require.Equal(t, 2, n, "a redirect is not followed")
		})
	}
}

// However long an endpoint asks to be left alone, it is an hour at most, for the event that it
// refused too: nobody can hold a conversation's events for ever. B:V12
func TestNoEndpointHoldsForLong(t *testing.T) {
	for _, asked := range []string{"3600", "3601", "86400", "9223372036854775807", "99999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"} {
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			var at []time.Duration
			r := &receiver{answer: func(_ *http.Request, g got) (int, http.Header) {
				if at = append(at, g.at.Sub(began)); len(at) == 1 {
					return http.StatusServiceUnavailable, http.Header{"Retry-After": {asked}}
				}
				return http.StatusOK, nil
			}}
			d := newDesk(t, r)
			d.endpoint("crm")
			d.happens("a", "b")
			defer d.run()()
			time.Sleep(2 * time.Hour)
			r.hold(func() {})
			require.Len(t, r.received(), 2, asked)
			require.Equal(t, time.Hour, at[len(at)-1].Truncate(time.Minute), asked)
			require.EqualValues(t, 2, d.store.at("crm").Delivered, asked)
		})
	}
}

// Nothing is sent for a key that was revoked, and nothing that a key may no longer see;
// the chain says so truthfully. Row 7. B:Z4
func TestRightsAreAskedWhenSending(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		down := true
		r := &receiver{answer: func(*http.Request, got) (int, http.Header) {
			if down {
				return http.StatusBadGateway, nil
			}
			return http.StatusOK, nil
		}}
		d := newDesk(t, r)
		grant := func(kinds ...workspace.Kind) {
			d.change(func(dir *workspace.Directory) {
				k := dir.Keys[partner]
				k.Permissions, k.Rev = nil, k.Rev+1
				for _, kind := range kinds {
					k.Permissions = append(k.Permissions, workspace.Permission{Kind: kind, Action: workspace.PermView, Scope: workspace.ScopeAll})
				}
				dir.Keys[partner] = k
			})
		}
		grant(workspace.Livechat, workspace.Ticket)
		d.endpoint("crm")
		defer d.run()()
		d.happens("a", "ticket", "b")
		synctest.Wait()
		require.Empty(t, r.received())
		grant(workspace.Livechat)
		r.hold(func() { down = false })
		d.happens("c")
		time.Sleep(time.Minute)
		require.ElementsMatch(t, []int64{1, 3, 4}, sequences(r.received()))
		require.Equal(t, webhooks.Skipped, d.store.stored("crm", 2).State)
		for _, g := range r.received() {
			if g.body.Sequence == 4 {
				require.EqualValues(t, 3, g.body.Previous)
			}
		}
		d.change(func(dir *workspace.Directory) {
			k := dir.Keys[partner]
			k.RevokedAt, k.Rev = time.Now(), k.Rev+1
			dir.Keys[partner] = k
		})
		synctest.Wait()
		require.Equal(t, []string{"KEY_REVOKED"}, d.ended())
		d.happens("d")
		time.Sleep(time.Hour)
		require.Len(t, r.received(), 3)
	})
}

// Without the plan nothing is sent, and nothing is lost. B:V12
func TestThePlanIsAskedWhenSending(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &receiver{}
		d := newDesk(t, r)
		d.endpoint("crm")
		defer d.run()()
		plan := func(p workspace.PlanName) {
			d.change(func(dir *workspace.Directory) { dir.Workspace.Plan = p })
		}
		plan("pro")
		d.happens("a")
		time.Sleep(time.Hour)
		require.Empty(t, r.received())
		plan("total")
		synctest.Wait()
		require.Equal(t, []int64{1}, sequences(r.received()))
		require.Empty(t, d.ended())
	})
}

// A pause loses nothing: it goes on behind what was delivered. B:V12
func TestPausingLosesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &receiver{}
		d := newDesk(t, r)
		d.endpoint("crm")
		defer d.run()()
		set := func(to workspace.WebhookState) {
			d.change(func(dir *workspace.Directory) {
				w := dir.Webhooks["crm"]
				w.State, w.Rev = to, w.Rev+1
				dir.Webhooks["crm"] = w
			})
			synctest.Wait()
		}
		d.happens("a")
		synctest.Wait()
		set(workspace.WebhookPaused)
		d.happens("a", "b")
		time.Sleep(time.Hour)
		require.Equal(t, []int64{1}, sequences(r.received()))
		set(workspace.WebhookActive)
		require.ElementsMatch(t, []int64{1, 2, 3}, sequences(r.received()))
	})
}

// Whatever fails, hangs or dies, every event arrives, of each conversation in order, and
// the chain of previous has no hole. Row 1. B:V12
func TestEverythingArrivesInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const conversations, events = 60, 1_000
		random, answers := rand.New(rand.NewPCG(1, 2)), rand.New(rand.NewPCG(3, 4))
		began := time.Now()
		r := &receiver{answer: func(_ *http.Request, g got) (int, http.Header) {
			since := g.at.Sub(began)
			switch n := answers.IntN(100); {
			case since > time.Minute && since < 2*time.Minute, since > 4*time.Minute && since < 5*time.Minute, n < 30:
				return http.StatusBadGateway, nil
			case n < 31:
				return 0, nil
			}
			return http.StatusOK, nil
		}}
		d := newDesk(t, r)
		d.endpoint("crm")
		stop := d.run()
		for i := range events {
			d.happens(fmt.Sprint("c", random.IntN(conversations)))
			time.Sleep(200 * time.Millisecond)
			if i%200 == 199 { // killed: what was being sent is sent again
				stop()
				d.engine = newEngine(d)
				stop = d.run()
			}
		}
		time.Sleep(100 * time.Hour)
		stop()
		previous, last := map[int64]int64{}, map[string]int{}
		for _, g := range r.received() {
			previous[g.body.Sequence] = g.body.Previous
			c := g.body.Data.Conversation
			require.LessOrEqual(t, g.body.Data.Version, last[c]+1, "an event of %s came before the one before it", c)
			last[c] = max(last[c], g.body.Data.Version)
		}
		require.Len(t, previous, events)
		for n := range int64(events) {
			require.Equal(t, n, previous[n+1])
		}
		require.EqualValues(t, events, d.store.at("crm").Delivered)
	})
}

// An endpoint that refuses tests is tested once, and its replays do not wait behind that. B:V12
func TestRefusedTestsHoldNothingUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tests := 0
		r := &receiver{}
		r.answer = func(_ *http.Request, g got) (int, http.Header) {
			if g.body.ID == "test" {
				tests++
				return http.StatusBadRequest, nil
			}
			return http.StatusOK, nil
		}
		d := newDesk(t, r)
		d.endpoint("crm")
		d.happens("a", "b")
		defer d.run()()
		time.Sleep(time.Minute)
		require.Len(t, r.received(), 2)
		d.change(func(dir *workspace.Directory) {
			w := dir.Webhooks["crm"]
			w.Replays, w.Rev = []workspace.WebhookReplay{{ID: "test", Test: true}, {ID: "again", From: 1, To: 2}}, w.Rev+1
			dir.Webhooks["crm"] = w
		})
		time.Sleep(100 * time.Hour)
		require.Len(t, r.received(), 4, "two events, and the two again")
		r.hold(func() { require.Equal(t, 1, tests) })
		require.Equal(t, []string{"test", "again"}, d.store.at("crm").Ended)
	})
}

// A replay sends again with the same ids, under its own name, while what is new goes on;
// one of what was parked ends that. B:V12
func TestReplays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken := "e2"
		r := &receiver{}
		r.answer = func(_ *http.Request, g got) (int, http.Header) {
			if g.body.ID == broken {
				return http.StatusBadRequest, nil
			}
			return http.StatusOK, nil
		}
		d := newDesk(t, r)
		d.endpoint("crm")
		d.happens("a", "b", "a", "c")
		defer d.run()()
		time.Sleep(80 * time.Hour)
		require.Equal(t, webhooks.Parked, d.store.stored("crm", 2).State)
		order := func(replay workspace.WebhookReplay) {
			d.change(func(dir *workspace.Directory) {
				w := dir.Webhooks["crm"]
				w.Replays, w.Rev = append(w.Replays, replay), w.Rev+1
				dir.Webhooks["crm"] = w
			})
			time.Sleep(time.Minute)
		}
		r.hold(func() { broken = "" })
		order(workspace.WebhookReplay{ID: "parked", From: 1, To: 4, Parked: true})
		order(workspace.WebhookReplay{ID: "all", From: 1, To: 3})
		order(workspace.WebhookReplay{ID: "some", From: 1, To: 4, Conversations: []string{"a"}})
		order(workspace.WebhookReplay{ID: "trial", Test: true})
		d.happens("d")
		time.Sleep(time.Minute)
		by := map[string][]string{}
		for _, g := range r.received() {
			by[g.header.Get("Webhook-Replay")] = append(by[g.header.Get("Webhook-Replay")], g.body.ID)
		}
		require.ElementsMatch(t, []string{"e1", "e3", "e4", "test", "e5"}, by[""])
		require.ElementsMatch(t, []string{"e2"}, by["parked"])
		require.ElementsMatch(t, []string{"e1", "e2", "e3"}, by["all"])
		require.ElementsMatch(t, []string{"e1", "e3"}, by["some"])
		require.Equal(t, webhooks.Delivered, d.store.stored("crm", 2).State, "it is parked no longer")
		require.Len(t, d.store.at("crm").Ended, 4)
		require.Empty(t, d.store.at("crm").Replays)
		require.EqualValues(t, 5, d.store.at("crm").Delivered)
	})
}

// A replay that is cut off, by a change of its endpoint or the end of its server, goes on
// where it was: everything comes, and the chain of previous has no hole. B:V12
func TestReplaysGoOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const events = 200
		random, answers := rand.New(rand.NewPCG(5, 6)), rand.New(rand.NewPCG(7, 8))
		r := &receiver{answer: func(req *http.Request, _ got) (int, http.Header) {
			if req.Header.Get("Webhook-Replay") != "" && answers.IntN(100) < 30 {
				return http.StatusBadGateway, nil
			}
			return http.StatusOK, nil
		}}
		d := newDesk(t, r)
		d.endpoint("crm")
		for range events {
			d.happens([]string{"a", "b", "ticket", "c"}[random.IntN(4)])
		}
		replay := func(replays ...workspace.WebhookReplay) {
			d.change(func(dir *workspace.Directory) {
				w := dir.Webhooks["crm"]
				w.Replays, w.Rev = append(w.Replays, replays...), w.Rev+1
				dir.Webhooks["crm"] = w
			})
		}
		stop := d.run()
		replay(workspace.WebhookReplay{ID: "again", From: 1, To: events})
		for n := range 20 {
			time.Sleep(7 * time.Second)
			if n%2 == 0 {
				replay()
				continue
			}
			stop()
			d.engine = newEngine(d)
			stop = d.run()
		}
		time.Sleep(100 * time.Hour)
		stop()
		require.Equal(t, []string{"again"}, d.store.at("crm").Ended)
		require.Empty(t, d.store.at("crm").ReplaysLast)
		first, again := map[int64]int64{}, map[int64]int64{}
		for _, g := range r.received() {
			if g.header.Get("Webhook-Replay") == "" {
				first[g.body.Sequence] = g.body.Previous
			} else {
				again[g.body.Sequence] = g.body.Previous
			}
		}
		require.Equal(t, first, again, "each names the one before it, as the first time")
	})
}

// One dead endpoint of 25 does not delay the others. Row 8. B:V12
func TestDeadEndpointsDelayNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &receiver{answer: func(req *http.Request, _ got) (int, http.Header) {
			if strings.HasSuffix(req.URL.Path, "/dead") {
				return 0, nil
			}
			return http.StatusOK, nil
		}}
		d := newDesk(t, r)
		d.endpoint("dead")
		for i := range 24 {
			d.endpoint(workspace.WebhookID(fmt.Sprint("w", i)))
		}
		defer d.run()()
		synctest.Wait()
		for i := range 100 {
			began := time.Now()
			d.happens(fmt.Sprint("c", i))
			synctest.Wait()
			require.Len(t, r.received(), 24*(i+1))
			require.Zero(t, time.Since(began))
		}
	})
}

// What is too long is replaced by ids, and says so. Another server that sends too is
// noticed. B:V12
func TestALeaseThatIsHeldTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &receiver{}
		d := newDesk(t, r)
		d.endpoint("crm")
		first := d.run()
		d.engine = newEngine(d)
		second := d.run()
		for range 20 {
			d.happens("a", "b", "c")
			time.Sleep(time.Second)
		}
		time.Sleep(time.Minute)
		first()
		second()
		seen := map[int64]bool{}
		for _, g := range r.received() {
			seen[g.body.Sequence] = true
		}
		require.Len(t, seen, 60)
		require.EqualValues(t, 60, d.store.at("crm").Delivered)
	})
}

// A store that fails is waited for.
func TestStoreFailures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &receiver{}
		d := newDesk(t, r)
		d.endpoint("crm")
		d.store.fail = &inbox.Error{Code: inbox.Unavailable}
		defer d.run()()
		d.happens("a", "a")
		time.Sleep(10 * time.Second)
		d.store.breaks(nil)
		time.Sleep(10 * time.Second)
		require.EqualValues(t, 2, d.store.at("crm").Delivered)
		require.EqualValues(t, 2, r.received()[len(r.received())-1].body.Sequence)
	})
}

// An endpoint that is deleted is sent nothing more, and nothing of it goes on, also if an
// older server turned it on and dropped the mark of its deletion; one whose secret cannot be
// read is disabled. B:V12
func TestDeletedEndpoints(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &receiver{}
		d := newDesk(t, r)
		d.endpoint("crm")
		d.endpoint("bare", func(w *workspace.Webhook) { w.Secrets[0].Sealed = w.Secrets[0].Sealed[1:] })
		d.endpoint("revived", func(w *workspace.Webhook) { w.Secrets = nil })
		defer d.run()()
		d.happens("a")
		time.Sleep(time.Second)
		require.Equal(t, []string{"SECRET_LOST"}, d.ended())
		require.Len(t, r.received(), 1)
		d.change(func(dir *workspace.Directory) {
			w := dir.Webhooks["crm"]
			w.Removed, w.State, w.Secrets = true, workspace.WebhookDisabled, nil
			w.Rev++
			dir.Webhooks["crm"] = w
		})
		synctest.Wait()
		d.happens("a", "b")
		time.Sleep(time.Hour)
		require.Len(t, r.received(), 1)
		require.Equal(t, []string{"SECRET_LOST"}, d.ended())
	})
}

// What waits to be tried again goes to the address that the endpoint has then. B:V12
func TestRetriesGoToTheNewAddress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &receiver{answer: func(req *http.Request, _ got) (int, http.Header) {
			if req.URL.Host == "hooks.example" {
				return http.StatusInternalServerError, nil
			}
			return http.StatusOK, nil
		}}
		d := newDesk(t, r)
		w := d.endpoint("crm")
		defer d.run()()
		d.happens("a", "a")
		time.Sleep(time.Second)
		d.change(func(dir *workspace.Directory) {
			w.URL = "https://erp.example/"
			w.Rev++
			dir.Webhooks["crm"] = w
		})
		time.Sleep(time.Minute)
		require.Equal(t, []int64{1, 2}, sequences(r.received()))
		require.Equal(t, "https://erp.example/", r.received()[0].url)
	})
}

// An earlier secret signs until its end and not a moment longer, also what is tried again,
// and nobody has to hear of it for that. B:V12
func TestASecretWhoseEndHasComeSignsNoMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const life = 40 * time.Second
		began := time.Now()
		r := &receiver{answer: func(_ *http.Request, g got) (int, http.Header) {
			if g.at.Sub(began) < life {
				return http.StatusInternalServerError, nil
			}
			return http.StatusOK, nil
		}}
		signed := map[time.Duration]int{}
		d := newDesk(t, recorder(func(req *http.Request) (*http.Response, error) {
			signed[time.Since(began).Truncate(time.Second)] = len(strings.Fields(req.Header.Get("Webhook-Signature")))
			return r.RoundTrip(req)
		}))
		earlier := d.endpoint("other").Secrets[0]
		earlier.Until = began.Add(life)
		d.endpoint("crm", func(w *workspace.Webhook) { w.Secrets = append(w.Secrets, earlier) })
		d.change(func(dir *workspace.Directory) { delete(dir.Webhooks, "other") })
		d.happens("a")
		defer d.run()()
		time.Sleep(10 * time.Minute)
		require.Equal(t, webhooks.Delivered, d.store.stored("crm", 1).State)
		require.Equal(t, map[time.Duration]int{0: 4, 5 * time.Second: 4, 35 * time.Second: 4, 335 * time.Second: 2}, signed)
	})
}

// recorder is a function as the connections of an endpoint.
type recorder func(*http.Request) (*http.Response, error)

// RoundTrip is one request.
func (r recorder) RoundTrip(req *http.Request) (*http.Response, error) { return r(req) }
