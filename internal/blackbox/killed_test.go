package blackbox_test

import (
	"net/http"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/internal/testdb"
)

// A server that is killed amid verbs, again and again, and started again at once: the
// next process ends the transactions that it left, verbs and streams go on, and nothing
// that was acknowledged is lost. B:V9
func TestAServerThatIsKilledAmidVerbs(t *testing.T) {
	t.Parallel()
	const rounds = 5
	uri := within(testdb.Start(t, testdb.Options{}).URI(), "blackbox")
	s := demo(t, "--mongodb-uri", uri)
	d := s.desk(t, "demo")
	var ids []string
	var journals []*journal
	for range 4 { // so that the blow falls into a transaction
		id := d.owned(d.agent1)
		ids, journals = append(ids, id), append(journals, d.pass(t, id))
	}
	last := s.process
	for range rounds {
		for _, j := range journals {
			j.until(t, j.count()+2)
		}
		last.signal(syscall.SIGKILL)
		last.wait()
		began := time.Now()
		again := &server{
			process: start(t, []string{"serve", "--demo", "--addr", s.addr, "--mongodb-uri", uri}),
			http:    &http.Client{Transport: &http.Transport{}}, tokens: map[string]string{},
		}
		again.ready()
		dashboard := d.observer.followEvents(d)
		for _, j := range journals {
			dashboard.event(j.until(t, j.count()+2))
		}
		t.Logf("%v after it was killed verbs and streams are right", time.Since(began).Round(100*time.Millisecond))
		last = again.process
	}
	for i, j := range journals {
		j.stop()
		told := eventIDs(t, d.observer.history(ids[i]))
		for _, event := range j.acknowledged() {
			require.Contains(t, told, event, "an acknowledged change was lost")
		}
	}
	last.terminate()
}
