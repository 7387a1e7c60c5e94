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
	uri := within(testdb.Start(t, testdb.Options{}).URI(), "blackbox")
	s := demo(t, "--mongodb-uri", uri)
	d := s.desk(t, "demo")
	id, _ := d.chat()
	d.agent1.must("claimConversation", object{"conversationId": id})
	journal := d.pass(t, id)
	journal.until(t, 5)
	last := s.process
	for range 5 {
		last.signal(syscall.SIGKILL)
		last.wait()
		began := time.Now()
		again := &server{
			process: start(t, []string{"serve", "--demo", "--addr", s.addr, "--mongodb-uri", uri}),
			http:    &http.Client{Transport: &http.Transport{}}, tokens: map[string]string{},
		}
		again.ready()
		dashboard := d.observer.followEvents(d)
		more := journal.until(t, journal.count()+3)
		dashboard.event(more)
		t.Logf("%v after it was killed verbs and streams are right", time.Since(began).Round(100*time.Millisecond))
		last = again.process
	}
	journal.stop()
	told := eventIDs(t, d.observer.history(id))
	for _, event := range journal.acknowledged() {
		require.Contains(t, told, event, "an acknowledged change was lost")
	}
	last.terminate()
}
