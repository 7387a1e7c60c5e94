package auth

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/MicahParks/jwkset"
)

// The RSA keys that are used, in bits: RFC 7518 demands the least, and a longer
// key than the most makes each token expensive.
const (
	minRSABits = 2048
	maxRSABits = 16384
)

// jwksAlgorithms are those that tokens of an identity provider may be signed with.
func jwksAlgorithms() []string { return []string{"RS256", "PS256", "ES256", "EdDSA"} }

// verifyingKey is a public key that signatures can be held against.
type verifyingKey struct {
	public crypto.PublicKey
	// algorithms are those that the key may be used with.
	algorithms []string
}

func (k verifyingKey) fits(alg string) bool { return slices.Contains(k.algorithms, alg) }

func (k verifyingKey) equal(other verifyingKey) bool {
	public, ok := k.public.(interface{ Equal(crypto.PublicKey) bool })
	return ok && public.Equal(other.public) && slices.Equal(k.algorithms, other.algorithms)
}

// readKey reads one entry of a key set; kid is empty if it has none. The error
// says why the key verifies nothing, and holds no part of it. Certificates are not
// looked at: nothing is decided by them.
func readKey(entry json.RawMessage) (kid string, key verifyingKey, err error) {
	var members map[string]any
	if json.Unmarshal(entry, &members) != nil || members == nil {
		return "", key, errors.New("it is not a JSON object")
	}
	texts := map[string]string{}
	for _, name := range []string{"kid", "kty", "use", "alg", "crv", "x", "y", "n", "e"} {
		if value, given := members[name]; given && value != nil {
			text, ok := value.(string)
			if !ok {
				return texts["kid"], key, fmt.Errorf("its %q is not a string", name)
			}
			texts[name] = text
		}
	}
	kid = texts["kid"]
	if kid == "" {
		return "", key, errors.New(`it has no "kid"`)
	}
	if err := forVerifying(texts, members["key_ops"]); err != nil {
		return kid, key, err
	}
	parsed, err := jwkset.NewJWKFromMarshal(jwkset.JWKMarshal{
		KTY: jwkset.KTY(texts["kty"]), CRV: jwkset.CRV(texts["crv"]), X: texts["x"], Y: texts["y"], N: texts["n"], E: texts["e"],
	}, jwkset.JWKMarshalOptions{}, jwkset.JWKValidateOptions{SkipAll: true})
	if err != nil {
		return kid, key, errors.New("it is not a whole and right public key of the type RSA, EC or OKP")
	}
	key, err = usable(parsed.Key())
	if alg := texts["alg"]; err == nil && alg != "" {
		if !key.fits(alg) {
			return kid, key, fmt.Errorf("its algorithm is not one of %s, or not that of its type", strings.Join(jwksAlgorithms(), ", "))
		}
		key.algorithms = []string{alg}
	}
	return kid, key, err
}

// forVerifying refuses a key that is published for something else.
func forVerifying(texts map[string]string, operations any) error {
	if use := texts["use"]; use != "" && use != "sig" {
		return errors.New(`its "use" is not "sig"`)
	}
	if operations == nil {
		return nil
	}
	list, ok := operations.([]any)
	if !ok || !slices.Contains(list, any("verify")) {
		return errors.New(`its "key_ops" do not have "verify"`)
	}
	return nil
}

// usable gives the key with all algorithms that its type allows.
func usable(public any) (verifyingKey, error) {
	switch key := public.(type) {
	case *rsa.PublicKey:
		switch bits := key.N.BitLen(); {
		case bits < minRSABits:
			return verifyingKey{}, fmt.Errorf("it is an RSA key of less than %d bits", minRSABits)
		case bits > maxRSABits:
			return verifyingKey{}, fmt.Errorf("it is an RSA key of more than %d bits", maxRSABits)
		case key.N.Bit(0) == 0 || key.E < 3 || key.E > 1<<31-1 || key.E%2 == 0:
			return verifyingKey{}, errors.New("it is an RSA key with a wrong modulus or exponent")
		}
		return verifyingKey{public: key, algorithms: []string{"RS256", "PS256"}}, nil
	case *ecdsa.PublicKey:
		if key.Curve != elliptic.P256() {
			return verifyingKey{}, errors.New("its curve is not P-256")
		}
		return verifyingKey{public: key, algorithms: []string{"ES256"}}, nil
	case ed25519.PublicKey:
		return verifyingKey{public: key, algorithms: []string{"EdDSA"}}, nil
	default:
		return verifyingKey{}, errors.New("it is no key for signatures")
	}
}
