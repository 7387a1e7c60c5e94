package main

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// source is a server that sends events.
type source interface {
	// joined is how many listen, slow how many were closed for not reading.
	joined() int
	slow() int
	publish()
}

func child(args []string) {
	if args[0] == "load" {
		load(args[1:])
		return
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	if len(args) > 1 && args[1] == "small" {
		listener = small{listener}
	}
	var s source
	if args[0] == "raw" {
		s = newRaw(listener)
	} else {
		s = newInbox(listener, args[0] == "stock")
	}
	fmt.Println(listener.Addr())
	answer(s)
}

// small accepts connections with a small send buffer. Otherwise the system buffers
// some megabytes for a reader that reads nothing, and it takes long until the
// server notices.
type small struct{ net.Listener }

// Accept waits for the next connection.
func (l small) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if tcp, ok := conn.(*net.TCPConn); ok {
		err = tcp.SetWriteBuffer(32 << 10)
	}
	return conn, err
}

// answer carries out the commands on stdin, until it is closed.
func answer(s source) {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		word, rest, _ := strings.Cut(lines.Text(), " ")
		switch word {
		case "memory":
			fmt.Println(resident())
		case "joined":
			wanted, _ := strconv.Atoi(rest)
			for s.joined() < wanted {
				time.Sleep(time.Millisecond)
			}
			fmt.Println(wanted)
		case "publish":
			before := used()
			at := time.Now().UnixNano()
			s.publish()
			fmt.Println(at, before)
		case "cpu":
			fmt.Println(used())
		case "slow":
			fmt.Println(s.slow())
		}
	}
}

// used is the CPU time of this process in µs.
func used() float64 {
	var u syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e3
}

// resident is the memory of this process in bytes, without garbage.
func resident() int {
	runtime.GC()
	runtime.GC()
	debug.FreeOSMemory()
	data, err := os.ReadFile("/proc/self/statm")
	check(err)
	pages, err := strconv.Atoi(strings.Fields(string(data))[1])
	check(err)
	return pages * os.Getpagesize()
}

// raiseLimit allows as many descriptors as this user may have.
func raiseLimit() {
	var limit syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit) == nil {
		limit.Cur = limit.Max
		_ = syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit)
	}
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "live:", err)
		os.Exit(1)
	}
}
