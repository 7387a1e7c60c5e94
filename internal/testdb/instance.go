package testdb

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// patience bounds the waits that take well under a second on a quiet machine.
const patience = time.Minute

var errPortTaken = errors.New("the port is taken")

// An instance is one wire server: its settings, which outlive a process, and the
// process, if one runs.
type instance struct {
	binary string
	flags  []string
	folder string // holds the log and, unless the caller named one, the data
	data   string

	mu      sync.Mutex // guards the fields below, and orders starts and ends
	port    int        // 0 until one is chosen
	process *process   // nil until started; the last one after it ended
}

func newInstance(binary string, o Options) (*instance, error) {
	folder, err := newFolder()
	if err != nil {
		return nil, err
	}
	data := o.StoragePath
	if data == "" {
		data = filepath.Join(folder, "data")
	}
	return &instance{binary: binary, flags: o.flags(), folder: folder, data: data, port: o.Port}, nil
}

// launch returns a new server that runs, or an error and leaves nothing behind.
func launch(binary string, o Options) (*instance, error) {
	own, err := newInstance(binary, o)
	if err != nil {
		return nil, err
	}
	if err := own.start(); err != nil {
		return nil, errors.Join(err, own.remove())
	}
	return own, nil
}

func (i *instance) uri() string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return uriOf(i.port)
}

func uriOf(port int) string {
	return fmt.Sprintf("mongodb://127.0.0.1:%d/?directConnection=true", port)
}

// start runs the server and returns once it answers. The first start chooses a
// port unless one was asked for; later ones keep it.
func (i *instance) start() error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.runs() {
		return errors.New("the server already runs")
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if i.port != 0 {
		return i.startOn(ctx, i.port)
	}
	for {
		port, err := freePort()
		if err != nil {
			return err
		}
		err = i.startOn(ctx, port)
		if errors.Is(err, errPortTaken) && ctx.Err() == nil {
			continue // somebody else was quicker
		}
		if err == nil {
			i.port = port
		}
		return err
	}
}

func (i *instance) startOn(ctx context.Context, port int) error {
	log, err := os.Create(i.logPath())
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }() // the child has its own handle
	arguments := append([]string{
		"--host", "127.0.0.1", "--port", strconv.Itoa(port), "--storage-path", i.data,
	}, i.flags...)
	// The child outlives this call, and reads no settings but these.
	cmd := exec.CommandContext(context.WithoutCancel(ctx), i.binary, arguments...)
	cmd.Dir = i.folder
	cmd.Env = []string{"HOME=" + i.folder, "PATH=" + os.Getenv("PATH")}
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = childAttributes()
	child, err := startProcess(cmd)
	if err != nil {
		return err
	}
	i.process = child
	if err := i.ready(ctx, port); err != nil {
		return errors.Join(err, child.end(syscall.SIGKILL))
	}
	return nil
}

// ready waits until this very child listens, which its log says, and answers.
func (i *instance) ready(ctx context.Context, port int) error {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !strings.Contains(i.log(), "listening on") {
		select {
		case <-tick.C:
		case <-i.process.done:
			if log := i.log(); strings.Contains(log, "failed to bind") {
				return fmt.Errorf("%w: %s", errPortTaken, log)
			}
			return fmt.Errorf("the wire server ended at once, saying: %s", i.log())
		case <-ctx.Done():
			return fmt.Errorf("the wire server does not listen after %v, saying: %s", patience, i.log())
		}
	}
	return command(ctx, uriOf(port), bson.D{{Key: "ping", Value: 1}})
}

// stop ends the server in good order.
func (i *instance) stop() error { return i.end(syscall.SIGTERM) }

// kill ends the server as a power cut would.
func (i *instance) kill() error { return i.end(syscall.SIGKILL) }

func (i *instance) end(signal syscall.Signal) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if !i.runs() {
		return nil
	}
	// A frozen process would not notice a polite request.
	if err := i.process.end(syscall.SIGCONT, signal); err != nil {
		return fmt.Errorf("%w; it said: %s", err, i.log())
	}
	return nil
}

// runs wants mu held.
func (i *instance) runs() bool { return i.process != nil && !i.process.ended() }

func (i *instance) signal(signal syscall.Signal) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if !i.runs() {
		return errors.New("the server does not run")
	}
	return i.process.cmd.Process.Signal(signal)
}

// stands reports whether all threads of a server that was told to stop have stopped, which
// takes a moment on a busy machine. It is true where the system does not tell.
func (i *instance) stands() bool {
	states, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", i.process.cmd.Process.Pid)) // the pattern is sound
	for _, one := range states {
		stat, err := os.ReadFile(one)
		_, state, _ := strings.Cut(string(stat), ") ") // behind the name
		if err == nil && !strings.HasPrefix(state, "T") {
			return false
		}
	}
	return true
}

// remove ends the server and deletes the data in its own folder.
func (i *instance) remove() error {
	return errors.Join(i.kill(), os.RemoveAll(i.folder))
}

func (i *instance) logPath() string { return filepath.Join(i.folder, "log") }

// log returns the output of the running or last process.
func (i *instance) log() string {
	text, err := os.ReadFile(i.logPath())
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(string(text))
}

// command runs one command on the deployment's admin database, over a
// connection of its own.
func command(ctx context.Context, uri string, document bson.D) error {
	return withClient(ctx, uri, func(client *driver.Client) error {
		return client.Database("admin").RunCommand(ctx, document).Err()
	})
}

func withClient(ctx context.Context, uri string, do func(*driver.Client) error) error {
	client, err := driver.Connect(options.Client().ApplyURI(uri))
	if err != nil {
		return err
	}
	return errors.Join(do(client), client.Disconnect(ctx))
}
