package embedded

import (
	"context"
	"errors"

	"github.com/256dpi/lungo"

	"switchboard/store"
)

// Fill opens the folder, lets fill write as much as it likes, and keeps all of
// it by writing the file once at the end: many times faster than a write for
// each change. When fill fails, nothing of it is kept.
func Fill(ctx context.Context, c Config, fill func(context.Context, *store.Store) error) error {
	held := &heldStore{}
	s, err := open(ctx, c, func(under lungo.Store) lungo.Store { held.under = under; return held })
	if err != nil {
		return err
	}
	err = fill(ctx, s)
	if err == nil {
		err = held.release()
	}
	return errors.Join(err, s.Close(context.WithoutCancel(ctx)))
}

// heldStore keeps the newest catalog back from the file. The engine writes by
// one goroutine at a time, and does not while nobody asks it to.
type heldStore struct {
	under   lungo.Store
	catalog *lungo.Catalog
}

var _ lungo.Store = (*heldStore)(nil)

// Load reads the file.
func (h *heldStore) Load() (*lungo.Catalog, error) { return h.under.Load() }

// Store only remembers.
func (h *heldStore) Store(catalog *lungo.Catalog) error {
	h.catalog = catalog
	return nil
}

func (h *heldStore) release() error {
	if h.catalog == nil {
		return nil
	}
	return h.under.Store(h.catalog)
}
