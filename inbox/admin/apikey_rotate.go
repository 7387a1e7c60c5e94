package admin

import (
	"cmp"
	"context"
	"strconv"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/audit"
	"switchboard/inbox/workspace"
)

// MaxKeyOverlap is the longest that a secret is accepted after it was replaced.
const MaxKeyOverlap = 30 * 24 * time.Hour

// RotateAPIKeySecret gives a key another secret, which is returned here and never again;
// it needs apikeys.manage and the permissions of the key. The secrets before it are accepted for overlap more, and none
// longer than it was; 0 ends them at once. INVALID_INPUT for a key that was revoked or has
// expired, and if too many secrets are accepted already.
func (s *Service) RotateAPIKeySecret(
	ctx context.Context, p inbox.Principal, id workspace.KeyID, overlap time.Duration,
) (k workspace.APIKey, secret string, err error) {
	if err := inbox.CheckSeconds("overlapSeconds", overlap, 0, MaxKeyOverlap); err != nil {
		return k, "", err
	}
	k, err = s.changeKey(ctx, p, "rotateApiKeySecret", id, func(a access.Access, k workspace.APIKey, now time.Time) (Amendment, error) {
		if err := cmp.Or(holdsAll(a, k.Permissions), checkRotation(k, now, overlap)); err != nil {
			return Amendment{}, err
		}
		var next workspace.APIKey
		next, secret = k.Rotated(now, now.Add(overlap))
		next.Rev++
		m := keyAmendment(audit.AuditKeyRotate, k, k, next)
		m.Fields = append(m.Fields, audit.AuditField{Field: "secret", From: strconv.Itoa(k.Rotations + 1), To: strconv.Itoa(next.Rotations + 1)})
		if overlap > 0 {
			m.Fields = append(m.Fields, audit.AuditField{Field: "earlierAcceptedUntil", To: instant(now.Add(overlap))})
		}
		return m, nil
	})
	if err != nil {
		return workspace.APIKey{}, "", err
	}
	return k, secret, nil
}

func checkRotation(k workspace.APIKey, now time.Time, overlap time.Duration) error {
	accepted := k.Secrets(now)
	switch {
	case k.Revoked():
		return inbox.Invalid("id", "This API key was revoked, which is final. Create another one.")
	case k.Expired(now):
		return inbox.Invalid("id", "This API key expired at %s. Give it a later end first, by setApiKeyExpiry.", instant(k.ExpiresAt))
	case overlap > 0 && len(accepted) >= workspace.MaxKeySecrets:
		return inbox.Invalid("overlapSeconds", "%d secrets of this API key are accepted already. The next one ends at %s: wait for that, or pass 0, which ends all of them at once.",
			len(accepted), instant(earliestEnd(accepted)))
	}
	return nil
}

func earliestEnd(accepted []workspace.KeySecret) (end time.Time) {
	for _, one := range accepted {
		if !one.Until.IsZero() && (end.IsZero() || one.Until.Before(end)) {
			end = one.Until
		}
	}
	return end
}

// SetAPIKeyExpiry sets the first moment at which a key is refused, at every door; zero for
// no end. It needs apikeys.manage. INVALID_INPUT for a moment that has passed, and for a
// key that was revoked. A key that has expired is accepted again if its end is moved.
func (s *Service) SetAPIKeyExpiry(ctx context.Context, p inbox.Principal, id workspace.KeyID, at time.Time) (workspace.APIKey, error) {
	at = stored(at)
	return s.changeKey(ctx, p, "setApiKeyExpiry", id, func(_ access.Access, k workspace.APIKey, now time.Time) (Amendment, error) {
		if k.Revoked() {
			return Amendment{}, inbox.Invalid("id", "This API key was revoked, which is final. Create another one.")
		}
		if k.ExpiresAt.Equal(at) {
			return keyAmendment(audit.AuditKeyExpiry, k, k, k), nil
		}
		next := k
		next.ExpiresAt = at
		next.Rev++
		return keyAmendment(audit.AuditKeyExpiry, k, next, next), checkExpiry(at, now)
	})
}

// stored is a moment at the precision that is stored.
func stored(at time.Time) time.Time {
	if at.IsZero() {
		return at
	}
	return at.UTC().Truncate(time.Millisecond)
}

// exactly is instant with fractions of the second, so that no change is lost.
func exactly(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.Format(time.RFC3339Nano)
}

func checkExpiry(at, now time.Time) error {
	if !at.IsZero() && !at.After(now) {
		return inbox.Invalid("expiresAt", "expiresAt is %s, which has passed. Pass a later time, or revoke the key to end it now.", instant(at))
	}
	return nil
}
