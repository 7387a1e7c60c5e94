package workspace

import (
	"slices"
	"time"
)

// KeySecret is one of the secrets of an API key, as far as it may be kept.
type KeySecret struct {
	// Number counts the secrets of a key from 1.
	Number int
	// Hash is described with APIKey, and Hint is how the secret ends.
	Hash, Hint string
	CreatedAt  time.Time
	// Until is the first moment at which the secret is refused; zero for the newest,
	// which is accepted as long as its key holds.
	Until time.Time
}

// MaxKeySecrets bounds how many secrets of a key are accepted at once.
const MaxKeySecrets = 4

// Secrets returns the secrets that are accepted now as long as the key holds, newest
// first; none of a revoked key.
func (k APIKey) Secrets(now time.Time) []KeySecret {
	if k.Revoked() {
		return nil
	}
	out := []KeySecret{k.newest()}
	for _, one := range k.Earlier {
		if !ended(one.Until, now) {
			out = append(out, one)
		}
	}
	return out
}

func (k APIKey) newest() KeySecret {
	one := KeySecret{Number: k.Rotations + 1, Hash: k.Hash, Hint: k.Hint, CreatedAt: k.RotatedAt}
	if k.Rotations == 0 {
		one.CreatedAt = k.CreatedAt
	}
	return one
}

// Rotated gives the key a new secret, as Drawn does. The secrets before it are accepted
// until then, and none longer than it was; those whose end has come are forgotten.
func (k APIKey) Rotated(now, until time.Time) (APIKey, string) {
	earlier := k.Secrets(now)
	for i := range earlier {
		if end := earlier[i].Until; end.IsZero() || end.After(until) {
			earlier[i].Until = until
		}
	}
	k.Earlier = slices.DeleteFunc(earlier, func(one KeySecret) bool { return ended(one.Until, now) })
	k.Rotations++
	k.RotatedAt = now
	return k.Drawn()
}

// Ends returns the first moment at which the secret with this number is refused, as far
// as it is known now; zero for none. Number 0 stands for no secret in particular. A secret
// that the key does not have has ended.
func (k APIKey) Ends(number int) time.Time {
	end := k.ExpiresAt
	if number == 0 || number == k.Rotations+1 {
		return end
	}
	at := slices.IndexFunc(k.Earlier, func(one KeySecret) bool { return one.Number == number })
	if at < 0 {
		return forgotten()
	}
	if until := k.Earlier[at].Until; end.IsZero() || until.Before(end) {
		end = until
	}
	return end
}

// forgotten is a moment that has passed.
func forgotten() time.Time { return time.Unix(0, 0).UTC() }

// ended reports whether an end has come; a zero one never does.
func ended(end, now time.Time) bool { return !end.IsZero() && !end.After(now) }

// KeyUse is one use of a key: with the secret of a number, 0 for none in particular.
type KeyUse struct {
	Key    KeyID
	Secret int
	At     time.Time
}

// KeyUses are when a key was last used, and each of its secrets by number. Secrets that
// were not used have no entry, nor have those that ended long ago.
type KeyUses struct {
	At      time.Time
	Secrets map[int]time.Time
}
