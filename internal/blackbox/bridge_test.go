package blackbox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/internal/faultlink"
)

const (
	bridged = 1000
	cuts    = 100
)

// channel is the other side of the bridge. It keeps when each message came, however often.
type channel struct {
	mu   sync.Mutex
	came map[string][]time.Time
}

// ServeHTTP takes a message as the example sends it.
func (c *channel) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var sent struct {
		ID string `json:"id"`
	}
	if json.NewDecoder(r.Body).Decode(&sent) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.came[sent.ID] = append(c.came[sent.ID], time.Now())
	_ = json.NewEncoder(w).Encode(map[string]string{"id": "theirs-" + sent.ID})
}

func (c *channel) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.came)
}

// The bridge of docs/examples follows 1,000 conversations by one subscription, which is cut
// 100 times: nothing is lost, and nothing comes twice.
func TestTheBridge(t *testing.T) {
	t.Parallel()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("there is no python3")
	}
	s := demo(t, "--cost-per-second", "0", "--log-level", "warn") // one member says it all, as fast as may be
	d := s.desk(t, "demo")
	known := d.owner.do(`{ __type(name: "Subscription") { fields { name } } }`, nil)
	if !strings.Contains(fmt.Sprint(known.Data), "eventLog") {
		t.Skip("this version has no eventLog to follow")
	}
	made := d.owner.do(`mutation { createApiKey(input: {name: "Bridge"}) { secret apiKey { id } } }`, nil)
	website := d.website.do(`{ viewer { apiKey { id } } }`, nil).at("viewer.apiKey.id")
	const handOver = `mutation($from: ID!, $to: ID!) { handOverConversations(input: {fromApiKeyId: $from, toApiKeyId: $to}) { userErrors { code } } }`
	given := d.owner.do(handOver, object{"from": website, "to": str(t, made.Data, "createApiKey.apiKey.id")})
	require.Empty(t, given.at("handOverConversations.userErrors"), given.text)
	link, err := faultlink.Listen(t.Context(), s.addr)
	require.NoError(t, err)
	defer func() { require.NoError(t, link.Close()) }()
	theirs := &channel{came: map[string][]time.Time{}}
	provider := httptest.NewServer(theirs)
	defer provider.Close()
	script, err := filepath.Abs("../../docs/examples/bridge.py")
	require.NoError(t, err)
	bridge := exec.CommandContext(t.Context(), python, script)
	bridge.Env = append(os.Environ(),
		"SWITCHBOARD_URL=http://"+link.Addr()+"/graphql", "SWITCHBOARD_KEY="+str(t, made.Data, "createApiKey.secret"),
		"CHANNEL_URL="+provider.URL, "BRIDGE_PORT=0", "BRIDGE_STATE="+filepath.Join(t.TempDir(), "bridge.db"))
	require.NoError(t, bridge.Start())
	defer func() { _, _ = bridge.Process.Kill(), bridge.Wait() }()

	id := func(i int) string {
		who := fmt.Sprintf("wa:+4930%07d", i)
		begun := d.website.must("startLivechat", object{
			"externalId": who, "contact": object{"externalId": who, "name": "P"}, "message": "Hello?", "aiAgentId": d.ai.me(),
		})
		c := str(t, begun, "conversation.id")
		d.agent1.must("claimConversation", object{"conversationId": c})
		return c
	}
	say := func(c string) string {
		return str(t, d.agent1.must("sendMessage", object{"conversationId": c, "body": "Hello"}), "message.id")
	}
	all := make([]string, 0, bridged)
	for i := range bridged {
		all = append(all, id(i))
	}
	eventually(t, "the bridge follows", func() bool { say(all[0]); return theirs.count() > 0 })
	sent := map[string]time.Time{}
	for i, c := range all {
		before := theirs.count()
		m := say(c)
		sent[m] = time.Now()
		if i%(bridged/cuts) != 0 {
			continue
		}
		if i%(2*bridged/cuts) == 0 { // otherwise the bridge may have come back and read nothing yet
			eventually(t, "the bridge reads on", func() bool { return theirs.count() > before })
		}
		eventually(t, "there is a connection to cut", func() bool { return link.Cut() > 0 })
	}
	lost := func() (out []string) {
		theirs.mu.Lock()
		defer theirs.mu.Unlock()
		for m := range sent {
			if len(theirs.came[m]) == 0 {
				out = append(out, m)
			}
		}
		return out
	}
	eventually(t, "what was said comes", func() bool { return len(lost()) == 0 })
	var late []time.Duration
	for m, times := range theirs.came {
		require.Len(t, times, 1, m)
		if at, ok := sent[m]; ok {
			late = append(late, times[0].Sub(at))
		}
	}
	slices.Sort(late)
	t.Logf("%d messages, %d cuts, from a member's answer to the channel: p50 %s, p99 %s",
		len(late), cuts, late[len(late)/2], late[len(late)*99/100])
}
