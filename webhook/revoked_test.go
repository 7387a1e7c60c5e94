package webhook_test

import (
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/workspace"
)

// hanging answers nothing, and counts the requests that wait for it.
type hanging struct{ waiting atomic.Int64 }

// RoundTrip is one request.
func (h *hanging) RoundTrip(req *http.Request) (*http.Response, error) {
	h.waiting.Add(1)
	defer h.waiting.Add(-1)
	<-req.Context().Done()
	return nil, req.Context().Err()
}

// A key that is revoked and an endpoint that is deleted cut at once what is on its way, whoever
// notices it first, and also while that is being finished for another reason. B:V12
func TestARevokedKeyCutsWhatIsOnItsWay(t *testing.T) {
	ends := map[string]func(*desk){
		"revoked": func(d *desk) { d.change(func(dir *workspace.Directory) { delete(dir.Keys, partner) }) },
		"deleted": func(d *desk) { d.change(func(dir *workspace.Directory) { delete(dir.Webhooks, "crm") }) },
	}
	before := map[string]func(*workspace.Webhook){
		"served": nil,
		"edited": func(w *workspace.Webhook) { w.URL += "/new" },
		"paused": func(w *workspace.Webhook) { w.State = workspace.WebhookPaused },
	}
	for how, end := range ends {
		for while, edit := range before {
			t.Run(how+" while "+while, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					h := &hanging{}
					d := newDesk(t, h)
					d.endpoint("crm")
					d.happens("a", "b", "c")
					defer d.run()()
					time.Sleep(time.Second)
					if edit != nil {
						d.changes("crm", edit)
						time.Sleep(time.Second)
					}
					require.EqualValues(t, 3, h.waiting.Load())
					end(d)
					time.Sleep(time.Second)
					require.Zero(t, h.waiting.Load())
				})
			})
		}
	}
}
