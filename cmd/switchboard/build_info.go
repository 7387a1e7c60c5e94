package main

import (
	"cmp"
	"runtime"
	"runtime/debug"

	"switchboard/metrics"
)

// buildInfo is a metric that is always 1 and says by its labels what runs.
func buildInfo() metrics.Metric {
	labels := map[string]string{"version": cmp.Or(version, "(devel)"), "commit": "unknown", "go": runtime.Version()}
	if info, ok := debug.ReadBuildInfo(); ok {
		labels["version"] = cmp.Or(version, info.Main.Version, "(devel)")
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				labels["commit"] = s.Value
			}
		}
	}
	return metrics.Metric{Name: "switchboard_build_info", Help: "Always 1; the labels say version, commit and Go version.", Labels: labels, Read: func() float64 { return 1 }}
}
