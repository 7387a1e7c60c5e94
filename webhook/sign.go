package webhook

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"switchboard/inbox/webhooks"
	"time"
)

// signatures are those of every secret that signs, as the header webhook-signature has
// them: a symmetric and an asymmetric one each, over id, time and body.
func signatures(secrets []webhooks.Material, id string, at time.Time, body []byte) string {
	signed := make([]byte, 0, len(id)+len(body)+22)
	signed = append(signed, id+"."+strconv.FormatInt(at.Unix(), 10)+"."...)
	signed = append(signed, body...)
	var out []string
	for _, s := range secrets {
		mac := hmac.New(sha256.New, s.Symmetric)
		mac.Write(signed) // a hash never fails
		out = append(out, "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)),
			"v1a,"+base64.StdEncoding.EncodeToString(ed25519.Sign(s.Private, signed)))
	}
	return strings.Join(out, " ")
}
