package main

import (
	"errors"
	"log/slog"
	"math"
	"runtime/debug"
	"runtime/metrics"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

const (
	// heapShare is Go's part of the memory that the container may use; the rest is
	// for the kernel's buffers and memory that Go does not count.
	heapShare = 0.9
	// subscriptionShare of the memory limit is for subscriptions. Above highWater
	// there is no room for more of them.
	subscriptionShare = 0.4
	highWater         = 0.75
	// subscriptionMemory is for subscriptions where nothing limits memory.
	subscriptionMemory = 1 << 30
)

// limitMemory makes Go collect more often as its memory nears the container's
// limit, so that the container is not killed; GOMEMLIMIT overrides it. It returns
// the limit in bytes, 0 for none.
func limitMemory(container memlimit.Provider, log *slog.Logger) int64 {
	_, err := memlimit.SetGoMemLimitWithOpts(memlimit.WithRatio(heapShare), memlimit.WithProvider(container))
	if err != nil && !errors.Is(err, memlimit.ErrNoLimit) && !errors.Is(err, memlimit.ErrNoCgroup) {
		log.Debug("the memory of the container is not known", "error", err)
	}
	limit := debug.SetMemoryLimit(-1)
	if limit == math.MaxInt64 {
		return 0
	}
	log.Info("memory is limited", "bytes", limit)
	return limit
}

// memory is the memory that the server may use.
type memory struct{ limit int64 }

// subscriptions is how much they may take, by a setting in MiB.
func (m memory) subscriptions(setting int) int64 {
	switch {
	case setting > 0:
		return int64(setting) << 20
	case m.limit > 0:
		return int64(float64(m.limit) * subscriptionShare)
	}
	return subscriptionMemory
}

// full reports whether nothing lasting should be added, by the heap that was alive
// at the last collection. It does not wait.
func (m memory) full() bool {
	return m.limit > 0 && float64(liveHeap()) > float64(m.limit)*highWater
}

func liveHeap() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	if sample[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return sample[0].Value.Uint64()
}
