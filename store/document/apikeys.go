package document

import (
	"strconv"
	"time"

	"switchboard/inbox/workspace"
)

// APIKey is an API key as the directory keeps it. Hash is that of its secret, which is
// stored nowhere.
type APIKey struct {
	ID          workspace.KeyID       `bson:"_id"`
	Workspace   workspace.WorkspaceID `bson:"workspace"`
	Name        string                `bson:"name"`
	Role        workspace.RoleName    `bson:"role"`
	Permissions []permissionDoc       `bson:"permissions,omitempty"`
	Hash        string                `bson:"hash,omitempty"`
	Hint        string                `bson:"hint,omitempty"`
	Rotations   int                   `bson:"rotations,omitempty"`
	RotatedAt   time.Time             `bson:"rotatedAt,omitempty"`
	Earlier     []keySecretDoc        `bson:"earlier,omitempty"`
	ExpiresAt   time.Time             `bson:"expiresAt,omitempty"`
	CreatedAt   time.Time             `bson:"createdAt"`
	CreatedBy   actorDoc              `bson:"createdBy"`
	RevokedAt   time.Time             `bson:"revokedAt"`
	Rev         int                   `bson:"rev"`
}

// keySecretDoc has the fields of workspace.KeySecret, so that the one converts to the
// other.
type keySecretDoc struct {
	Number    int       `bson:"number"`
	Hash      string    `bson:"hash"`
	Hint      string    `bson:"hint"`
	CreatedAt time.Time `bson:"createdAt"`
	Until     time.Time `bson:"until"`
}

// OfAPIKey is the document of k.
func OfAPIKey(k workspace.APIKey) APIKey {
	d := APIKey{
		ID: k.ID, Workspace: k.Workspace, Name: k.Name, Role: k.Role, Hash: k.Hash,
		CreatedAt: k.CreatedAt, CreatedBy: actorDoc(k.CreatedBy), RevokedAt: k.RevokedAt, Rev: k.Rev,
		Hint: k.Hint, Rotations: k.Rotations, RotatedAt: k.RotatedAt, ExpiresAt: k.ExpiresAt,
	}
	for _, one := range k.Earlier {
		d.Earlier = append(d.Earlier, keySecretDoc(one))
	}
	for _, p := range k.Permissions {
		d.Permissions = append(d.Permissions, permissionDoc(p))
	}
	return d
}

// Key is the API key of the document.
func (d APIKey) Key() workspace.APIKey {
	k := workspace.APIKey{
		ID: d.ID, Workspace: d.Workspace, Name: d.Name, Role: d.Role, Hash: d.Hash,
		CreatedAt: d.CreatedAt, CreatedBy: workspace.Actor(d.CreatedBy), RevokedAt: d.RevokedAt, Rev: d.Rev,
		Hint: d.Hint, Rotations: d.Rotations, RotatedAt: d.RotatedAt, ExpiresAt: d.ExpiresAt,
	}
	for _, one := range d.Earlier {
		k.Earlier = append(k.Earlier, workspace.KeySecret(one))
	}
	for _, p := range d.Permissions {
		k.Permissions = append(k.Permissions, workspace.Permission(p))
	}
	return k
}

// KeyUse records when a key was last used, and each of its secrets. It is not part of the
// directory, because every change of the directory is sent to all servers.
type KeyUse struct {
	ID        workspace.KeyID       `bson:"_id"`
	Workspace workspace.WorkspaceID `bson:"workspace"`
	At        time.Time             `bson:"at"`
	// Secrets have a place for each of as many secrets as are accepted at once: a newer
	// one takes the place of one that has ended.
	Secrets map[string]SecretUse `bson:"secrets,omitempty"`
}

// SecretUse is when the secret of a number was last used. A greater number is greater in
// the order of documents, whatever the time.
type SecretUse struct {
	Number int       `bson:"number"`
	At     time.Time `bson:"at"`
}

// SecretPlace is where KeyUse has the use of a secret.
func SecretPlace(number int) string { return strconv.Itoa(number % workspace.MaxKeySecrets) }

// With returns the uses with another one, which may be earlier than those that are there.
func (d KeyUse) With(use workspace.KeyUse) KeyUse {
	if use.At.After(d.At) {
		d.At = use.At
	}
	if use.Secret == 0 {
		return d
	}
	next, place := SecretUse{use.Secret, use.At}, SecretPlace(use.Secret)
	if was := d.Secrets[place]; was.Number < next.Number || was.Number == next.Number && was.At.Before(next.At) {
		d.Secrets = workspace.WithEntry(d.Secrets, place, next)
	}
	return d
}

// Uses are the uses of the document.
func (d KeyUse) Uses() workspace.KeyUses {
	out := workspace.KeyUses{At: d.At}
	for _, one := range d.Secrets {
		out.Secrets = workspace.WithEntry(out.Secrets, one.Number, one.At)
	}
	return out
}
