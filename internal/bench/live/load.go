package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// arrivals are the times at which one event reached its listeners.
type arrivals struct {
	mu       sync.Mutex
	expected int
	times    []int64
}

// note prints when the 99th percentile had the event, once all have it. Only then
// is the next event sent.
func (a *arrivals) note(at int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.times = append(a.times, at)
	if len(a.times) == a.expected {
		slices.Sort(a.times)
		fmt.Println(a.times[(len(a.times)*99-1)/100])
		a.times = a.times[:0]
	}
}

// load connects listeners: mode, address, how many, in how many selections, how
// many of them read nothing, and whether none subscribes.
func load(args []string) {
	mode, addr := args[0], args[1]
	var n [3]int
	for i := range n {
		var err error
		n[i], err = strconv.Atoi(args[2+i])
		check(err)
	}
	a := &arrivals{expected: n[0] - n[2]}
	var kept []net.Conn // else those that nobody reads would be collected, and so closed
	for i := range n[0] {
		conn, err := net.Dial("tcp", addr)
		check(err)
		stalls := i < n[2]
		if plain, ok := conn.(*net.TCPConn); ok && stalls {
			check(plain.SetReadBuffer(4096))
		}
		r := bufio.NewReaderSize(conn, 1024)
		if mode != "raw" {
			query := ""
			if args[5] != "true" {
				query = selection(i % n[1])
			}
			check(subscribe(conn, r, query))
		}
		kept = append(kept, conn)
		if !stalls {
			go listen(r, a)
		}
	}
	fmt.Println(n[0])
	_, _ = io.Copy(io.Discard, os.Stdin)
	runtime.KeepAlive(kept)
}

// selection is the d-th of many that differ in nothing but a name.
func selection(d int) string {
	return fmt.Sprintf(`subscription S%d { assignmentEvents { cursor gap node { id kind version at actor { ... on Member { name } } from { assignee { name } } to { assignee { name } status } conversation { id subject status assignee { id name } } } } }`, d)
}

func listen(r *bufio.Reader, a *arrivals) {
	for {
		message, err := readFrame(r)
		if err != nil {
			return
		}
		if bytes.Contains(message, []byte(`"type":"next"`)) {
			a.note(time.Now().UnixNano())
		}
	}
}

// readFrame reads a frame of a server: not masked.
func readFrame(r *bufio.Reader) ([]byte, error) {
	var head [2]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, err
	}
	size := uint64(head[1])
	switch size {
	case 126:
		var long [2]byte
		if _, err := io.ReadFull(r, long[:]); err != nil {
			return nil, err
		}
		size = uint64(binary.BigEndian.Uint16(long[:]))
	case 127:
		return nil, errors.New("a frame that no benchmark sends")
	}
	message := make([]byte, size)
	_, err := io.ReadFull(r, message)
	return message, err
}

// subscribe upgrades, authenticates and subscribes, unless query is empty.
func subscribe(conn net.Conn, r *bufio.Reader, query string) error {
	if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: bench\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"+
		"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"); err != nil {
		return err
	}
	status, err := r.ReadString('\n')
	if err != nil || !strings.Contains(status, "101") {
		return fmt.Errorf("upgrade: %s %w", status, err)
	}
	for line := ""; line != "\r\n"; {
		if line, err = r.ReadString('\n'); err != nil {
			return err
		}
	}
	if err := writeFrame(conn, `{"type":"connection_init","payload":{"Authorization":"Bearer x"}}`); err != nil {
		return err
	}
	for ack := []byte(nil); !bytes.Contains(ack, []byte("connection_ack")); {
		if ack, err = readFrame(r); err != nil {
			return err
		}
	}
	if query == "" {
		return nil
	}
	text, _ := json.Marshal(query)
	return writeFrame(conn, `{"id":"1","type":"subscribe","payload":{"query":`+string(text)+`}}`)
}

// writeFrame writes a frame masked with zeros.
func writeFrame(w io.Writer, text string) error {
	frame := []byte{0x81, 0x80 | 126, byte(len(text) >> 8), byte(len(text)), 0, 0, 0, 0}
	_, err := w.Write(append(frame, text...))
	return err
}
