package resolvers

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/eventlog"
	"switchboard/inbox/workspace"
	"switchboard/live/follow"
)

// list identifies one list, so that a cursor of another is recognised: its kind,
// and every argument that decides its items and their order. Its cursors are sealed
// for the workspace.
type list struct {
	seals     *Seals
	workspace workspace.WorkspaceID
	name      string
}

func (r *Resolver) listOf(ws workspace.WorkspaceID, parts ...any) list {
	return list{r.Seals, ws, follow.Fingerprint(parts...)}
}

// liveCursors are the cursors of all live streams of a workspace.
func liveCursors(seals *Seals, ws workspace.WorkspaceID) list {
	return list{seals, ws, follow.Fingerprint("live")}
}

// cursor is a place in a list: a sort key and an id.
type cursor struct {
	List string `json:"l"`
	Key  string `json:"k"`
	ID   string `json:"i"`
	// Sequence is the record of the log that the cursor is behind; 0 for other cursors.
	Sequence eventlog.Sequence `json:"s,omitempty"`
}

func (l list) cursor(key, id string) string {
	return l.sealed(cursor{List: l.name, Key: key, ID: id})
}

func (l list) sealed(c cursor) string {
	data, _ := json.Marshal(c) // strings and a number: it cannot fail
	return l.seals.close(l.workspace, data)
}

// live makes the cursor of an item of a live stream.
func (l list) live(t follow.ResumeToken) string {
	return l.sealed(cursor{List: l.name, Key: t.Position, ID: t.Rights, Sequence: t.Sequence})
}

// token reads the cursor of a live stream.
func (l list) token(field, text string) (t follow.ResumeToken, expired bool, err error) {
	at, expired, err := l.open(field, text)
	return follow.ResumeToken{Position: at.Key, Rights: at.ID, Sequence: at.Sequence}, expired, err
}

// parse reads a cursor of this list. It returns INVALID_CURSOR for a cursor of
// another list, one that is older than the keys that are kept, and text that is not
// a cursor of this API.
func (l list) parse(field, text string) (cursor, error) {
	c, expired, err := l.open(field, text)
	if expired {
		err = badCursor("%s is too old. Fetch the list from its beginning.", field)
	}
	return c, err
}

// open is parse for a caller that can handle a cursor that is too old.
func (l list) open(field, text string) (c cursor, expired bool, err error) {
	data, err := l.seals.open(l.workspace, text)
	if errors.Is(err, errExpired) {
		return cursor{}, true, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &c)
	}
	switch {
	case err != nil || c.ID == "":
		return cursor{}, false, badCursor("%s is not a cursor. Pass a cursor exactly as the API gave it.", field)
	case c.List != l.name:
		return cursor{}, false, badCursor("%s is a cursor of another list. Keep view, order and parent the same while paging.", field)
	}
	return c, false, nil
}

// genuine refuses text that no server has sealed for the workspace, before anything is
// read. Whether it is of the list in question is checked where the list is known. Text
// that is too old passes, and without seals all text of the right form.
func (s *Seals) genuine(ws workspace.WorkspaceID, field string, text *string) error {
	if text == nil {
		return nil
	}
	_, _, ok := unpack(*text)
	if ok && s != nil {
		_, err := s.open(ws, *text)
		ok = !errors.Is(err, errUnsealed)
	}
	if !ok {
		return badCursor("%s is not a cursor. Pass a cursor exactly as the API gave it.", field)
	}
	return nil
}

func badCursor(format string, args ...any) *inbox.Error {
	return &inbox.Error{Code: inbox.InvalidCursor, Message: fmt.Sprintf(format, args...)}
}

// at makes the cursor of an item that is sorted by time.
func (l list) at(t time.Time, id string) string {
	return l.cursor(strconv.FormatInt(unixMilli(t), 10), id)
}

// placed makes the cursor of an item of a list in the order of commits.
func (l list) placed(p inbox.PageCursor) string {
	return l.cursor(fmt.Sprintf("%d%s%d", p.Sequence, placeMark, unixMilli(p.At)), p.ID)
}

// placeMark ends the place in a cursor. Cursors of before have none, nor have
// those of lists by a time.
const placeMark = ":"

// position reads a cursor made by at or placed; nil for no cursor.
func (l list) position(field string, text *string) (*inbox.PageCursor, error) {
	if text == nil {
		return nil, nil
	}
	c, err := l.parse(field, *text)
	if err != nil {
		return nil, err
	}
	place, at, hasPlace := strings.Cut(c.Key, placeMark)
	if !hasPlace {
		place, at = "0", c.Key
	}
	number, bad := strconv.Atoi(place)
	millis, err := strconv.ParseInt(at, 10, 64)
	if err != nil || bad != nil || number < 0 || !plainID(c.ID) {
		return nil, badCursor("%s is not a cursor. Pass a cursor exactly as the API gave it.", field)
	}
	return &inbox.PageCursor{Sequence: number, At: fromMilli(millis), ID: c.ID}, nil
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
