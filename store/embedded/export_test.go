package embedded

import (
	"context"

	"github.com/256dpi/lungo"

	"switchboard/store"
)

// OpenWriting is Open with another way to replace a file.
func OpenWriting(ctx context.Context, c Config, write func(path string, data []byte) error) (*store.Store, error) {
	return open(ctx, c, func(s lungo.Store) lungo.Store {
		if kept, ok := s.(*file); ok {
			kept.write = write
		}
		return s
	})
}

// WriteFile is how Open replaces a file.
func WriteFile(path string, data []byte) error { return newFile(path, nil).write(path, data) }
