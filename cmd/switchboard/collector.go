package main

import (
	"context"
	"os"
	"runtime/debug"
	"time"
)

// Garbage may take as much memory as what is alive, and garbageRoom if that is more, but no
// more than seldom allows: how a server with few and one with many boards spend the least was
// measured, see docs/performance.md.
const (
	garbageRoom = 128 << 20
	seldom      = 400 // percent of what is alive
	often       = 100
)

// collectorPause is how often is looked at what is alive.
const collectorPause = time.Second

// garbagePercent is how much garbage there may be before the next collection, in percent of
// the bytes that are alive.
func garbagePercent(live uint64) int {
	if live == 0 {
		return seldom
	}
	return int(min(seldom, max(often, garbageRoom*100/live)))
}

// collectSeldom trades some memory for fewer collections while the live heap is small beside
// the garbage of requests, and less of it the more is alive. It returns when ctx ends. GOGC
// overrides it.
func collectSeldom(ctx context.Context) {
	if os.Getenv("GOGC") != "" {
		return
	}
	now := seldom
	debug.SetGCPercent(now)
	ticker := time.NewTicker(collectorPause)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
		// Setting it stops the program for a moment, so that small steps are not taken.
		if next := garbagePercent(liveHeap()); 10*abs(next-now) > now || next == often && now != often {
			debug.SetGCPercent(next)
			now = next
		}
	}
}

func abs(n int) int { return max(n, -n) }
