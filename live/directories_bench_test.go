package live_test

import (
	"strconv"
	"testing"

	"switchboard/inbox/workspace"
	"switchboard/live"
)

// BenchmarkDirectory reads from memory, which every request does.
func BenchmarkDirectory(b *testing.B) {
	for _, n := range []int{1, 10_000} {
		names := make([]workspace.WorkspaceID, n)
		for i := range names {
			names[i] = workspace.WorkspaceID("workspace-" + strconv.Itoa(i))
		}
		for name, open := range map[string]func(*live.Directories){
			"trusted":   (*live.Directories).FeedBack,
			"untrusted": (*live.Directories).FeedLost,
		} {
			b.Run(strconv.Itoa(n)+"/"+name, func(b *testing.B) {
				d := live.NewDirectories(newDatabase(names...).load)
				open(d)
				b.ReportAllocs()
				b.RunParallel(func(pb *testing.PB) {
					for i := 0; pb.Next(); i++ {
						if _, err := d.Directory(b.Context(), names[i%n]); err != nil {
							b.Error(err)
						}
					}
				})
			})
		}
	}
}
