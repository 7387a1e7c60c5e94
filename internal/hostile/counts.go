package hostile

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

// Counts counts outcomes by request: "messages OK", "resumes LIMIT_EXCEEDED".
type Counts struct {
	mu sync.Mutex
	n  map[string]int
}

func (c *Counts) add(what, outcome string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.n == nil {
		c.n = map[string]int{}
	}
	c.n[what+" "+outcome]++
}

// Of is how often a thing had an outcome; an empty outcome is any.
func (c *Counts) Of(what, outcome string) (sum int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for name, n := range c.n {
		if name == what+" "+outcome || outcome == "" && strings.HasPrefix(name, what+" ") {
			sum += n
		}
	}
	return sum
}

// All gives a copy.
func (c *Counts) All() map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.n)
}

// String lists them by name.
func (c *Counts) String() string {
	all := c.All()
	lines := make([]string, 0, len(all))
	for _, name := range slices.Sorted(maps.Keys(all)) {
		lines = append(lines, fmt.Sprintf("%s: %d", name, all[name]))
	}
	return strings.Join(lines, "\n")
}
