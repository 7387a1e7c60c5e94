package sqlite

import (
	"bytes"
	"context"
	"sync"

	"switchboard/inbox/feed"
)

var _ feed.BulletinStream = (*feedStream)(nil)

// bulletinsKept is how many bulletins a stream may be behind before it misses some.
const bulletinsKept = 64

// bulletins are the newest of this process. They are not written: no other process uses
// the file.
type bulletins struct {
	mu   sync.Mutex
	sent int64
	kept [bulletinsKept][]byte
}

// SendBulletin hands a bulletin to every open stream.
func (s *Store) SendBulletin(ctx context.Context, bulletin []byte) error {
	if err := ctx.Err(); err != nil {
		return fault("send a bulletin", err)
	}
	if _, open := s.pulse.wait(); !open {
		return fault("send a bulletin", errClosed)
	}
	s.bulletins.mu.Lock()
	s.bulletins.kept[s.bulletins.sent%bulletinsKept] = bytes.Clone(bulletin)
	s.bulletins.sent++
	s.bulletins.mu.Unlock()
	s.pulse.beat()
	return nil
}

// since returns the bulletins after the first so many, and how many there were.
func (b *bulletins) since(heard int64) (news [][]byte, sent int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for n := max(heard, b.sent-bulletinsKept); n < b.sent; n++ {
		news = append(news, b.kept[n%bulletinsKept])
	}
	return news, b.sent
}

// OnBulletin lets heard be called for each bulletin.
func (f *feedStream) OnBulletin(heard func(bulletin []byte)) { f.bulletin = heard }

func (f *feedStream) hearBulletins() {
	if f.bulletin == nil {
		return
	}
	var news [][]byte
	news, f.bulletins = f.s.bulletins.since(f.bulletins)
	for _, one := range news {
		f.bulletin(one)
	}
}
