package hostile

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Console asks a server's probes, each on its own connection as probes do.
type Console struct {
	Addr string

	mu              sync.Mutex
	asked, answered int
	most            map[string]float64
}

// Get reads the figures of /metrics that have no labels.
func (c *Console) Get(ctx context.Context) (map[string]float64, error) {
	out := map[string]float64{}
	return out, c.visit(ctx, "/metrics", func(line string) {
		name, value, _ := strings.Cut(line, " ")
		if n, err := strconv.ParseFloat(value, 64); err == nil && !strings.HasPrefix(line, "#") {
			out[name] = n
		}
	})
}

func (c *Console) visit(ctx context.Context, path string, each func(line string)) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+c.Addr+path, nil)
	if err != nil {
		return err
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	unfit := path == "/readyz" && resp.StatusCode == http.StatusServiceUnavailable // is an answer too
	if resp.StatusCode != http.StatusOK && !unfit {
		return fmt.Errorf("%s: %s", path, resp.Status)
	}
	lines := bufio.NewScanner(resp.Body)
	for lines.Scan() {
		each(lines.Text())
	}
	return lines.Err()
}

// Watch asks all three probes again and again until ctx ends, and remembers the
// greatest of each figure.
func (c *Console) Watch(ctx context.Context, every time.Duration) {
	again := time.NewTicker(every)
	defer again.Stop()
	for ctx.Err() == nil {
		asking := context.WithoutCancel(ctx)
		figures, err := c.Get(asking)
		c.note(figures, err)
		for _, path := range []string{"/livez", "/readyz"} {
			c.note(nil, c.visit(asking, path, func(string) {}))
		}
		select {
		case <-again.C:
		case <-ctx.Done():
		}
	}
}

func (c *Console) note(figures map[string]float64, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked++
	if err == nil {
		c.answered++
	}
	if c.most == nil {
		c.most = map[string]float64{}
	}
	for name, value := range figures {
		c.most[name] = max(c.most[name], value)
	}
}

// Answered is how many probes were sent, and how many of them were answered: with
// 200, or by /readyz with 503, which says why.
func (c *Console) Answered() (asked, answered int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.asked, c.answered
}

// Most is the greatest value of a figure that was seen.
func (c *Console) Most(name string) float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.most[name]
}
