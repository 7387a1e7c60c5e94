package feed

import "context"

// Bulletins lets a server say something to all servers of the installation that is true
// for seconds only. A bulletin is no event: it is kept nowhere, moves no position that a
// client receives, and may be lost.
type Bulletins interface {
	// SendBulletin sends one, of at most 64 KiB, to every open BulletinStream, also to the
	// sender's own. UNAVAILABLE when the database takes no writes now.
	SendBulletin(ctx context.Context, bulletin []byte) error
}

// BulletinStream is a FeedStream that hears bulletins.
type BulletinStream interface {
	FeedStream
	// OnBulletin registers heard, which Next calls for each bulletin that was sent since
	// the stream was opened. It must not keep the bulletin. Call it before the first Next.
	OnBulletin(heard func(bulletin []byte))
}
