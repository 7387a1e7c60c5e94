package resolvers

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"

	"switchboard/inbox/cluster"
	"switchboard/inbox/workspace"
)

// A sealed cursor is base64 of: the form's number, the id of the key, the nonce,
// and the cursor encrypted by AES-256-GCM together with the workspace. The nonce is
// a hash of the encrypted text, by a key of its own: a position has exactly one
// form, by which subscribers can be grouped, and no nonce is ever used for two
// texts.

const (
	sealForm  = 1
	idSize    = 4
	nonceSize = 12
)

var (
	// errUnsealed is a text that no server has sealed for the workspace.
	errUnsealed = errors.New("resolvers: it was not sealed for this workspace")
	// errExpired is one that was sealed with a key which is no longer there.
	errExpired = errors.New("resolvers: the key that it was sealed with is gone")
)

// seal is one key, ready for use.
type seal struct {
	id      uint32
	aead    cipher.AEAD
	nonceBy []byte
}

func newSeal(k cluster.SealingKey) (*seal, error) {
	key, err := hkdf.Key(sha256.New, k.Secret, nil, "switchboard cursor encryption", 32)
	if err != nil {
		return nil, err
	}
	nonceBy, err := hkdf.Key(sha256.New, k.Secret, nil, "switchboard cursor nonce", 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	return &seal{id: k.ID, aead: aead, nonceBy: nonceBy}, err
}

// close seals a text for a workspace.
func (s *seal) close(ws workspace.WorkspaceID, text []byte) string {
	text = padded(text)
	mac := hmac.New(sha256.New, s.nonceBy)
	mac.Write(binary.BigEndian.AppendUint32(nil, uint32(len(ws)))) // an id is short
	mac.Write([]byte(ws))
	mac.Write(text)
	out := binary.BigEndian.AppendUint32([]byte{sealForm}, s.id)
	nonce := mac.Sum(nil)[:nonceSize]
	out = s.aead.Seal(append(out, nonce...), nonce, text, []byte(ws))
	return base64.RawURLEncoding.EncodeToString(out)
}

// open gives the text that was sealed; false for anything else.
func (s *seal) open(ws workspace.WorkspaceID, sealed []byte) (text []byte, ok bool) {
	nonce, sealed := sealed[1+idSize:][:nonceSize], sealed[1+idSize+nonceSize:]
	text, err := s.aead.Open(nil, nonce, sealed, []byte(ws))
	return text, err == nil
}

// unpack reads the parts around the encrypted text. It accepts only the one form
// that close writes.
func unpack(text string) (sealed []byte, id uint32, ok bool) {
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(sealed) < 1+idSize+nonceSize || sealed[0] != sealForm || base64.RawURLEncoding.EncodeToString(sealed) != text {
		return nil, 0, false
	}
	return sealed, binary.BigEndian.Uint32(sealed[1:]), true
}

// Lengths that texts are padded to, so that a cursor's length reveals nothing of
// its content: positions in lists, and resume tokens of databases, which vary in
// length.
const (
	shortText = 128
	longText  = 384
)

// padded fills up with spaces, which JSON ignores.
func padded(text []byte) []byte {
	size := shortText
	if len(text) > shortText {
		size = (len(text) + longText - 1) / longText * longText
	}
	for len(text) < size {
		text = append(text, ' ')
	}
	return text
}
