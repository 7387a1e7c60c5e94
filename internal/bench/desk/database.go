package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
	"switchboard/internal/faultlink"
	"switchboard/store/mongo"
	"switchboard/store/sqlite"
)

// filler is a store as the benchmark writes into it.
type filler interface {
	CreateWorkspace(ctx context.Context, d workspace.Directory) error
	Commit(ctx context.Context, c commit.Change) error
	Secret(ctx context.Context) ([]byte, error)
	Close(ctx context.Context) error
}

// database is where the server keeps its data.
type database struct {
	folder string
	server *exec.Cmd       // nil for the embedded engine
	wire   *faultlink.Wire // counts the commands of the program
	direct string          // the address behind the counter
}

// openDatabase starts the wire server in a folder, or uses the embedded engine there.
func openDatabase(ctx context.Context, folder, binary string) (*database, error) {
	d := &database{folder: folder}
	if binary == "" {
		return d, nil
	}
	port, err := freePort(ctx)
	if err != nil {
		return nil, err
	}
	d.direct = net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	flags := []string{
		"--host", "127.0.0.1", "--port", strconv.Itoa(port), "--storage-path", filepath.Join(folder, "data"),
		"--noop-heartbeat-seconds", "1", "--cache-size", "256M", "--sync-on-commit",
	}
	d.server = exec.CommandContext(context.WithoutCancel(ctx), binary, flags...) // of scripts/wire-server; ended by close
	d.server.Dir, d.server.Env = folder, []string{"HOME=" + folder, "PATH=" + os.Getenv("PATH")}
	if err := d.server.Start(); err != nil {
		return nil, fmt.Errorf("start the wire server: %w", err)
	}
	if err := await(ctx, d.direct); err != nil {
		return nil, err
	}
	d.wire, err = faultlink.ListenWire(ctx, d.direct)
	return d, err
}

func freePort(ctx context.Context) (int, error) {
	free, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	addr, _ := free.Addr().(*net.TCPAddr)
	return addr.Port, free.Close()
}

// await waits until somebody listens, for a minute at most.
func await(ctx context.Context, addr string) error {
	for range 600 {
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", addr)
		if err == nil {
			return conn.Close()
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return fmt.Errorf("nobody listens on %s", addr)
}

func uri(addr, name string) string {
	return "mongodb://" + addr + "/" + name + "?directConnection=true"
}

// flags name a database to the program.
func (d *database) flags(name string) []string {
	if d.server == nil {
		return []string{"--data", filepath.Join(d.folder, name)}
	}
	return []string{"--mongodb-uri", uri(d.wire.Addr(), name)}
}

// filler opens a database to write into it, before the program does.
func (d *database) filler(ctx context.Context, name string) (filler, error) {
	if d.server == nil {
		return embedded(sqlite.Open(ctx, sqlite.Config{Dir: filepath.Join(d.folder, name)}))
	}
	s, err := mongo.Open(ctx, mongo.Config{URI: uri(d.direct, name)})
	if err == nil {
		err = s.Migrate(ctx)
	}
	return remote{s}, err
}

// remote and local create workspaces without audit entries.
type remote struct{ *mongo.Store }

// CreateWorkspace is that of the store.
func (r remote) CreateWorkspace(ctx context.Context, d workspace.Directory) error {
	return r.Store.CreateWorkspace(ctx, d)
}

type local struct{ *sqlite.Store }

// CreateWorkspace is that of the store.
func (l local) CreateWorkspace(ctx context.Context, d workspace.Directory) error {
	return l.Store.CreateWorkspace(ctx, d)
}

func embedded(s *sqlite.Store, err error) (filler, error) { return local{s}, err }

// commands is how many the program has sent; 0 for the embedded engine.
func (d *database) commands() int {
	if d.wire == nil {
		return 0
	}
	return d.wire.Total(func(faultlink.Command) bool { return true }).Commands
}

// rates are commands by name and collection.
type rates map[string]float64

// byName is how many commands of each name the program has sent.
func (d *database) byName() rates {
	out := rates{}
	if d.wire != nil {
		for c, n := range d.wire.Counts() {
			out[fmt.Sprint(c.Name, " ", c.Collection)] += float64(n.Commands)
		}
	}
	return out
}

func (r rates) less(before rates) rates {
	for name := range r {
		if r[name] -= before[name]; r[name] == 0 {
			delete(r, name)
		}
	}
	return r
}

func (r rates) over(seconds float64) rates {
	for name := range r {
		r[name] /= seconds
	}
	return r
}

func (d *database) close() {
	if d.wire != nil {
		_ = d.wire.Close()
	}
	if d.server != nil {
		_ = d.server.Process.Kill()
		_ = d.server.Wait()
	}
}

// wireServer is the path of the server, which scripts/wire-server fetches once; why
// says why there is none.
func wireServer(ctx context.Context) (binary, why string) {
	out, err := exec.CommandContext(ctx, "scripts/wire-server").Output()
	if err != nil {
		return "", fmt.Sprintf("scripts/wire-server failed (%v)", err)
	}
	return strings.TrimSpace(string(out)), ""
}
