package mongo

import (
	"reflect"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// amendment is an update that writes every field of a document that this version
// knows, each by its own name, and leaves alone those that it does not: during an
// upgrade a newer version writes the same documents.
type amendment struct{ set, unset bson.D }

// amend writes doc, a struct with bson tags. prefix is the path of doc in the stored
// document, with a dot behind it; empty for the whole document.
func amend(prefix string, doc any) amendment {
	var a amendment
	a.fields(prefix, reflect.ValueOf(doc))
	return a
}

// with adds a field that is a pointer, and unset when it is nil.
func (a amendment) with(path string, pointer any) amendment {
	if reflect.ValueOf(pointer).IsNil() {
		a.unset = append(a.unset, bson.E{Key: path, Value: ""})
		return a
	}
	a.set = append(a.set, bson.E{Key: path, Value: pointer})
	return a
}

// update returns the update document for the driver.
func (a amendment) update() bson.D {
	out := bson.D{{Key: "$set", Value: a.set}}
	if len(a.unset) > 0 {
		out = append(out, bson.E{Key: "$unset", Value: a.unset})
	}
	return out
}

func (a *amendment) fields(prefix string, doc reflect.Value) {
	for i := range doc.NumField() {
		name, options, _ := strings.Cut(doc.Type().Field(i).Tag.Get("bson"), ",")
		if name == "" { // as the driver names it
			name = strings.ToLower(doc.Type().Field(i).Name)
		}
		a.field(prefix+name, options, doc.Field(i))
	}
}

func (a *amendment) field(path, options string, value reflect.Value) {
	_, isTime := value.Interface().(time.Time)
	switch {
	case path == "_id": // never changes
	case strings.Contains(options, "omitempty") && (value.IsZero() || value.Kind() == reflect.Slice && value.Len() == 0):
		a.unset = append(a.unset, bson.E{Key: path, Value: ""})
	case value.Kind() == reflect.Struct && !isTime:
		a.fields(path+".", value)
	default:
		a.set = append(a.set, bson.E{Key: path, Value: value.Interface()})
	}
}
