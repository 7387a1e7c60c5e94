package embedded

import (
	"bytes"
	"log/slog"
	"strconv"

	"github.com/256dpi/lungo"
	"github.com/256dpi/lungo/bsonkit"
	"github.com/256dpi/lungo/dbkit"
	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/x/bsonx/bsoncore"
)

// file keeps all data in one file, in the engine's own format, and writes all of it
// with each change. The engine replaces documents and never changes one in place,
// so that each document is encoded only once: that is most of the work.
type file struct {
	path    string
	encoded map[bsonkit.Doc]bson.Raw
	buffer  []byte // the last file, to write the next one over
	// write replaces a file as a whole or not at all.
	write  func(path string, data []byte) error
	health health
	log    *slog.Logger
}

var _ lungo.Store = (*file)(nil)

const ownerOnly = 0o600

func newFile(path string, log *slog.Logger) *file {
	return &file{path: path, log: log, health: health{log: log}, write: func(path string, data []byte) error {
		return dbkit.AtomicWriteFile(path, bytes.NewReader(data), ownerOnly)
	}}
}

// Load reads the file. A file that does not exist is empty. A feed whose changes
// have times in the future begins anew.
func (f *file) Load() (*lungo.Catalog, error) {
	catalog, err := lungo.NewFileStore(f.path, ownerOnly).Load()
	if err == nil {
		err = f.beginAnew(catalog)
	}
	return catalog, err
}

// Store writes everything, so that after a crash either the old file is there
// or the new one. ErrUnwritten of package store when it cannot: the old file is
// there still.
func (f *file) Store(c *lungo.Catalog) error {
	fresh := make(map[bsonkit.Doc]bson.Raw, len(f.encoded))
	start, data := bsoncore.AppendDocumentStart(f.buffer[:0])
	spaces, data := bsoncore.AppendDocumentElementStart(data, "namespaces")
	for name, space := range lungo.BuildFile(c).Namespaces {
		indexes, err := bson.Marshal(space.Indexes)
		if err != nil {
			return err
		}
		var own, list int32
		own, data = bsoncore.AppendDocumentElementStart(data, name)
		list, data = bsoncore.AppendArrayElementStart(data, "documents")
		for i, doc := range space.Documents {
			raw, err := f.encode(doc)
			if err != nil {
				return err
			}
			fresh[doc] = raw
			data = bsoncore.AppendDocumentElement(data, strconv.Itoa(i), bsoncore.Document(raw))
		}
		if data, err = bsoncore.AppendArrayEnd(data, list); err != nil {
			return err
		}
		data = bsoncore.AppendDocumentElement(data, "indexes", indexes)
		if data, err = bsoncore.AppendDocumentEnd(data, own); err != nil {
			return err
		}
	}
	data, err := bsoncore.AppendDocumentEnd(data, spaces)
	if err != nil {
		return err
	}
	if data, err = bsoncore.AppendDocumentEnd(data, start); err != nil {
		return err
	}
	f.encoded, f.buffer = fresh, data // replaced documents are dropped from it
	return f.health.note(len(data), f.write(f.path, data))
}

func (f *file) encode(doc bsonkit.Doc) (bson.Raw, error) {
	if raw, ok := f.encoded[doc]; ok {
		return raw, nil
	}
	return bson.Marshal(doc)
}
