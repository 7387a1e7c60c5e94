package commit

import "switchboard/inbox"

// CheckExpected refuses an act on another revision than the caller saw.
func CheckExpected(expected *int, rev int) error {
	if expected == nil || *expected == rev {
		return nil
	}
	return &inbox.Error{
		Code: inbox.Conflict, Field: []string{"expectedRevision"}, Revision: rev,
		Message: "It changed since you looked. Look again and decide.",
	}
}
