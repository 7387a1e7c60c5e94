package webhook_test

import (
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/workspace"
)

// passing are the states in which nothing is sent to an endpoint that people left ACTIVE,
// and which pass by what somebody does elsewhere.
func passing() map[string]func(dir *workspace.Directory, on bool) {
	key := func(edit func(k *workspace.APIKey, on bool)) func(dir *workspace.Directory, on bool) {
		return func(dir *workspace.Directory, on bool) {
			k := dir.Keys[partner]
			edit(&k, on)
			k.Rev++
			dir.Keys[partner] = k
		}
	}
	return map[string]func(dir *workspace.Directory, on bool){
		"the key expired and got a later end": key(func(k *workspace.APIKey, on bool) {
			if k.ExpiresAt = time.Now(); !on {
				k.ExpiresAt = time.Time{}
			}
		}),
		"the plan was lost and regained": func(dir *workspace.Directory, on bool) {
			dir.Workspace.Plan = map[bool]workspace.PlanName{true: "pro", false: "total"}[on]
		},
		"the workspace was suspended and resumed": func(dir *workspace.Directory, on bool) {
			if dir.Workspace.SuspendedSince = time.Now(); !on {
				dir.Workspace.SuspendedSince = time.Time{}
			}
		},
		"the sandbox was put back": func(dir *workspace.Directory, on bool) {
			if dir.Workspace.ResettingSince = time.Now(); !on {
				dir.Workspace.ResettingSince = time.Time{}
			}
		},
		"the endpoint was paused": func(dir *workspace.Directory, on bool) {
			w := dir.Webhooks["crm"]
			w.State = map[bool]workspace.WebhookState{true: workspace.WebhookPaused, false: workspace.WebhookActive}[on]
			w.Rev++
			dir.Webhooks["crm"] = w
		},
	}
}

// What passes by itself ends no endpoint, and loses nothing: the endpoint goes on behind
// what was delivered. One that was failing before has not failed meanwhile. B:V12
func TestWhatPassesEndsNoEndpoint(t *testing.T) {
	for name, set := range passing() {
		for _, failing := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, failing %v", name, failing), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					up := !failing
					r := &receiver{answer: func(*http.Request, got) (int, http.Header) {
						return map[bool]int{true: http.StatusOK, false: http.StatusBadGateway}[up], nil
					}}
					d := newDesk(t, r)
					d.endpoint("crm")
					d.manyRecords(60, 60)
					defer d.run()()
					time.Sleep(10 * time.Minute)
					d.change(func(dir *workspace.Directory) { set(dir, true) })
					synctest.Wait()
					d.happens("new")
					before := len(sequences(r.received()))
					time.Sleep(6 * 24 * time.Hour)
					require.Len(t, sequences(r.received()), before)
					d.change(func(dir *workspace.Directory) { set(dir, false) })
					time.Sleep(10 * time.Minute)
					r.hold(func() { up = true })
					time.Sleep(time.Hour)
					require.Len(t, sequences(r.received()), 61)
					require.Empty(t, d.ended())
				})
			})
		}
	}
}

// Days in which no server ran are none in which an endpoint failed; those before and after
// count together. B:V12
func TestTimeWithoutAttemptsIsNotFailing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, &receiver{answer: func(*http.Request, got) (int, http.Header) { return http.StatusBadGateway, nil }})
		d.endpoint("crm")
		d.manyRecords(60, 60)
		for range 2 {
			stop := d.run()
			time.Sleep(59 * time.Hour)
			stop()
			time.Sleep(10 * 24 * time.Hour)
			require.Empty(t, d.ended())
			d.engine = newEngine(d)
		}
		defer d.run()()
		time.Sleep(3 * time.Hour)
		require.Equal(t, []string{"FAILING"}, d.ended())
	})
}
