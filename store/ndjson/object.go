package ndjson

import (
	"bytes"
	"encoding/json"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// object is a document with its fields in their order.
type object []bson.E

// MarshalJSON writes the fields in their order.
func (o object) MarshalJSON() ([]byte, error) {
	out := bytes.NewBufferString("{")
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	for i, field := range o {
		if i > 0 {
			out.WriteByte(',')
		}
		if err := lines.Encode(field.Key); err != nil {
			return nil, err
		}
		out.WriteByte(':')
		if err := lines.Encode(field.Value); err != nil {
			return nil, err
		}
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// leftOut are the fields of a collection that no export shows: hashes of secrets,
// idempotency keys, and what is computed from other fields to search and to filter by.
func leftOut(collection string) []string {
	switch collection {
	case "conversations":
		return []string{"handler", "places", "words"}
	case "contacts":
		return []string{"words", "verifiedEmail", "verifiedPhone"}
	case "events":
		return []string{"key"}
	}
	return nil
}

// secretFields are left out wherever they are: an event of the directory holds an API key
// as its collection does.
func secretFields() []string { return []string{"hash"} }

// shown is a document as an export shows it.
func shown(collection string, raw bson.Raw) (object, error) {
	var doc bson.D
	if err := bson.Unmarshal(raw, &doc); err != nil {
		return nil, err
	}
	doc = slices.DeleteFunc(doc, func(e bson.E) bool { return slices.Contains(leftOut(collection), e.Key) })
	return fields(doc), nil
}

func fields(doc bson.D) object {
	out := object{}
	for _, e := range doc {
		if slices.Contains(secretFields(), e.Key) {
			continue
		}
		key := e.Key
		if key == "_id" {
			key = "id"
		}
		out = append(out, bson.E{Key: key, Value: value(e.Value)})
	}
	return out
}

// value is a value as JSON has it: times in RFC 3339, null for none.
func value(v any) any {
	switch v := v.(type) {
	case bson.D:
		return fields(v)
	case bson.A:
		list := make([]any, len(v))
		for i, one := range v {
			list[i] = value(one)
		}
		return list
	case bson.DateTime:
		if t := v.Time().UTC(); !t.IsZero() {
			return t.Format(time.RFC3339Nano)
		}
		return nil
	case bson.Binary:
		return v.Data
	}
	return v
}
