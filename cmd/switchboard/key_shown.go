package main

import (
	"time"

	"switchboard/inbox/workspace"
	"switchboard/resolvers"
)

// keyShown is an API key in JSON. The secret is only there when it was made.
type keyShown struct {
	ID          string        `json:"id"`
	Name        string        `json:"name"`
	Role        string        `json:"role"`
	Permissions []string      `json:"permissions"`
	CreatedAt   time.Time     `json:"createdAt"`
	ExpiresAt   *time.Time    `json:"expiresAt"`
	RevokedAt   *time.Time    `json:"revokedAt"`
	LastUsedAt  *time.Time    `json:"lastUsedAt"`
	Secrets     []secretShown `json:"secrets"`
	Secret      string        `json:"secret,omitempty"`
}

// secretShown is what may be shown of a secret that is accepted.
type secretShown struct {
	Number        int        `json:"number"`
	Hint          string     `json:"hint"`
	CreatedAt     time.Time  `json:"createdAt"`
	AcceptedUntil *time.Time `json:"acceptedUntil"`
	LastUsedAt    *time.Time `json:"lastUsedAt"`
}

func shownKey(k workspace.APIKey, uses workspace.KeyUses) keyShown {
	out := keyShown{
		ID: resolvers.GlobalID("ApiKey", k.ID), Name: k.Name, Role: string(k.Role), Permissions: workspace.CustomRole{Permissions: k.Permissions}.Words(),
		CreatedAt: k.CreatedAt, ExpiresAt: shownTime(k.ExpiresAt), RevokedAt: shownTime(k.RevokedAt), LastUsedAt: shownTime(uses.At), Secrets: []secretShown{},
	}
	for _, one := range k.Secrets(time.Now()) {
		out.Secrets = append(out.Secrets, secretShown{one.Number, one.Hint, one.CreatedAt, shownTime(one.Until), shownTime(uses.Secrets[one.Number])})
	}
	return out
}

// shownTime is nil for none.
func shownTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
