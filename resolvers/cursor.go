package resolvers

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"strconv"
	"time"

	"switchboard/inbox"
)

// list names one list, so that a cursor of another is recognised: what it is a
// list of, and everything that decides which items it has and in what order.
type list string

func listOf(parts ...any) list {
	data, _ := json.Marshal(parts) // plain data: it cannot fail
	h := fnv.New64a()
	h.Write(data)
	return list(strconv.FormatUint(h.Sum64(), 36))
}

// cursor is a place in a list: a sort key and an id.
type cursor struct {
	List list   `json:"l"`
	Key  string `json:"k"`
	ID   string `json:"i"`
}

func (l list) cursor(key, id string) string {
	data, _ := json.Marshal(cursor{l, key, id}) // strings only: it cannot fail
	return base64.RawURLEncoding.EncodeToString(data)
}

// parse reads a cursor of this list. INVALID_CURSOR for a damaged one and for
// one of another list.
func (l list) parse(field, text string) (cursor, error) {
	c, err := decodeCursor(field, text)
	if err == nil && c.List != l {
		err = badCursor("%s is a cursor of another list. Keep view, order and parent the same while paging.", field)
	}
	if err != nil {
		return cursor{}, err
	}
	return c, nil
}

// wellFormed refuses what is no cursor of any list.
func wellFormed(field, text string) error {
	_, err := decodeCursor(field, text)
	return err
}

func decodeCursor(field, text string) (c cursor, err error) {
	data, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		err = json.Unmarshal(data, &c)
	}
	if err != nil || c.ID == "" || c.List.cursor(c.Key, c.ID) != text { // one place has one form
		return c, badCursor("%s is not a cursor. Pass a cursor exactly as the API gave it.", field)
	}
	return c, nil
}

func badCursor(format string, args ...any) *inbox.Error {
	return &inbox.Error{Code: inbox.InvalidCursor, Message: fmt.Sprintf(format, args...)}
}

// at makes the cursor of an item that is sorted by time.
func (l list) at(t time.Time, id string) string {
	return l.cursor(strconv.FormatInt(unixMilli(t), 10), id)
}

// position reads a cursor made by at; nil for no cursor.
func (l list) position(field string, text *string) (*inbox.Position, error) {
	if text == nil {
		return nil, nil
	}
	c, err := l.parse(field, *text)
	if err != nil {
		return nil, err
	}
	millis, err := strconv.ParseInt(c.Key, 10, 64)
	if err != nil || !plainID(c.ID) {
		return nil, badCursor("%s is not a cursor. Pass a cursor exactly as the API gave it.", field)
	}
	return &inbox.Position{At: fromMilli(millis), ID: c.ID}, nil
}

// unixMilli keeps the zero time apart, which means "does not wait".
func unixMilli(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func fromMilli(millis int64) time.Time {
	if millis == 0 {
		return time.Time{}
	}
	return time.UnixMilli(millis).UTC()
}
