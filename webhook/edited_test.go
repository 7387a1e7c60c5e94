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

// slow takes its time for each answer, and counts what reaches it, cut or not.
type slow struct {
	*receiver
	takes   time.Duration
	reached map[int64]int
}

func newSlow(takes time.Duration) *slow {
	s := &slow{receiver: &receiver{}, takes: takes, reached: map[int64]int{}}
	s.answer = func(_ *http.Request, g got) (int, http.Header) {
		s.reached[g.body.Sequence]++
		return http.StatusOK, nil
	}
	return s
}

// RoundTrip is one request.
func (s *slow) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := s.receiver.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	timer := time.NewTimer(s.takes)
	defer timer.Stop()
	select {
	case <-timer.C:
		return resp, nil
	case <-req.Context().Done():
		return nil, req.Context().Err()
	}
}

// What an edit finds on its way is finished and stored: an endpoint that somebody edits again and
// again is sent each event once, and in the end all of them. B:V12
func TestEditsCutNothingThatIsOnItsWay(t *testing.T) {
	for name, edit := range map[string]func(w *workspace.Webhook, n int){
		"url":      func(w *workspace.Webhook, n int) { w.URL = fmt.Sprint("https://hooks.example/", n) },
		"document": func(w *workspace.Webhook, n int) { w.Document = fmt.Sprintf("{ sequence a%d: at }", n) },
		"order": func(w *workspace.Webhook, n int) {
			w.Order = []workspace.WebhookOrder{workspace.AnyOrder, workspace.PerConversation}[n%2]
		},
		"records": func(w *workspace.Webhook, n int) {
			w.Records = []workspace.RecordKind{workspace.OwnershipRecord, workspace.MessageRecord}[:1+n%2]
		},
		"secrets": func(w *workspace.Webhook, n int) {
			w.Secrets = append([]workspace.WebhookSecret{}, w.Secrets...)
			w.Secrets[0].Hint = fmt.Sprint(n)
		},
		"state": func(w *workspace.Webhook, n int) {
			w.State = []workspace.WebhookState{workspace.WebhookPaused, workspace.WebhookActive}[n%2]
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newSlow(1500 * time.Millisecond)
				d := newDesk(t, s)
				w := d.endpoint("crm", func(w *workspace.Webhook) { w.From = 3 })
				d.happens("a", "b", "c", "a", "b", "c")
				d.replays(w, "again", 3)
				defer d.run()()
				for n := range 60 {
					time.Sleep(time.Second)
					d.changes("crm", func(w *workspace.Webhook) { edit(w, n) })
				}
				time.Sleep(time.Minute)
				s.hold(func() { require.Equal(t, map[int64]int{1: 1, 2: 1, 3: 1, 4: 1, 5: 1, 6: 1}, s.reached) })
				require.EqualValues(t, 6, d.store.at("crm").Delivered)
			})
		})
	}
}

// What waits for a connection when the address changes goes to the new one. B:V12
func TestWhatWaitsForAConnectionGoesToTheNewAddress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSlow(10 * time.Second)
		d := newDesk(t, s)
		d.manyRecords(100, 100)
		d.endpoint("crm")
		defer d.run()()
		time.Sleep(time.Second)
		edited := time.Now()
		d.changes("crm", func(w *workspace.Webhook) { w.URL = "https://hooks.example/new" })
		time.Sleep(time.Hour)
		require.Len(t, s.received(), 100)
		require.Len(t, s.reached, 100)
		for _, g := range s.received() {
			require.Equal(t, g.at.After(edited), g.url == "https://hooks.example/new")
		}
	})
}
