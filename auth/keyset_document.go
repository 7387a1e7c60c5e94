package auth

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"github.com/golang-jwt/jwt/v5"
)

const (
	// maxKeys bounds how many keys are used, and maxKeysOfID how many of one id: a
	// token may be held against each of those.
	maxKeys     = 1000
	maxKeysOfID = 16
	// maxKeysLogged bounds how many ignored keys are logged at once.
	maxKeysLogged = 20
)

// errNoKeys is a key set that nothing can be verified with.
var errNoKeys = errors.New("the answer holds no key that can be used")

// keyDocument holds the usable keys of a key set, and reports the ignored ones.
type keyDocument struct {
	keys map[string][]verifyingKey
	// count is how many keys there are, of all ids.
	count   int
	ignored []ignoredKey
}

// ignoredKey is an entry of a key set that verifies nothing here, and why.
type ignoredKey struct{ name, reason string }

// readKeys reads a key set. An entry that cannot be used is ignored, and spoils
// none of the others. It fails only if there is no list of keys.
func readKeys(body []byte) (keyDocument, error) {
	var members map[string]json.RawMessage
	var entries []json.RawMessage
	if json.Unmarshal(body, &members) != nil || json.Unmarshal(members["keys"], &entries) != nil || entries == nil {
		return keyDocument{}, errors.New(`the answer is not a JSON object with a list of "keys"`)
	}
	out := keyDocument{keys: map[string][]verifyingKey{}}
	for i, entry := range entries {
		kid, key, err := readKey(entry)
		if err == nil {
			err = out.add(kid, key)
		}
		if err != nil {
			out.ignored = append(out.ignored, ignoredKey{name: keyName(kid, i), reason: err.Error()})
		}
	}
	return out, nil
}

func (d *keyDocument) add(kid string, key verifyingKey) error {
	same := d.keys[kid]
	switch {
	case slices.ContainsFunc(same, key.equal):
		return nil
	case d.count == maxKeys:
		return fmt.Errorf("only %d keys are used", maxKeys)
	case len(same) == maxKeysOfID:
		return fmt.Errorf("only %d keys with one kid are used", maxKeysOfID)
	}
	d.keys[kid] = append(same, key)
	d.count++
	return nil
}

// keyName returns the name of a key for the log: its id, cut to a line, or its
// index in the list.
func keyName(kid string, place int) string {
	if kid == "" {
		return fmt.Sprintf("#%d", place)
	}
	return fmt.Sprintf("%.100s", kid)
}

// verifying returns the keys of that id that the algorithm may be used with. Its
// refusal is final: the caller has made sure that the document is fresh.
func (d keyDocument) verifying(kid, alg string) (any, error) {
	var fit jwt.VerificationKeySet
	for _, key := range d.keys[kid] {
		if key.fits(alg) {
			fit.Keys = append(fit.Keys, key.public)
		}
	}
	if len(fit.Keys) > 0 {
		return fit, nil
	}
	if d.keys[kid] != nil {
		return nil, refuse("The token's key (kid) is not meant for its algorithm. Get a new token.")
	}
	for _, key := range d.ignored {
		if key.name == keyName(kid, 0) {
			return nil, refuse("The identity provider publishes the token's key (kid), but it cannot be used: %s. Ask the issuer to correct it.", key.reason)
		}
	}
	return nil, refuse("The token's key (kid) is not among those of the identity provider. Get a new token.")
}

// logNews logs the ignored keys that before did not have.
func (d keyDocument) logNews(log *slog.Logger, before keyDocument) {
	known := map[ignoredKey]bool{}
	for _, key := range before.ignored {
		known[key] = true
	}
	logged := 0
	for _, key := range d.ignored {
		if known[key] {
			continue
		}
		known[key] = true
		if logged++; logged <= maxKeysLogged {
			log.Warn("a key of the identity provider is ignored", "key", key.name, "reason", key.reason)
		}
	}
	if logged > maxKeysLogged {
		log.Warn("more keys of the identity provider are ignored", "keys", logged-maxKeysLogged)
	}
}
