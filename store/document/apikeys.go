package document

import (
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
	CreatedAt   time.Time             `bson:"createdAt"`
	CreatedBy   actorDoc              `bson:"createdBy"`
	RevokedAt   time.Time             `bson:"revokedAt"`
	Rev         int                   `bson:"rev"`
}

// OfAPIKey is the document of k.
func OfAPIKey(k workspace.APIKey) APIKey {
	d := APIKey{
		ID: k.ID, Workspace: k.Workspace, Name: k.Name, Role: k.Role, Hash: k.Hash,
		CreatedAt: k.CreatedAt, CreatedBy: actorDoc(k.CreatedBy), RevokedAt: k.RevokedAt, Rev: k.Rev,
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
	}
	for _, p := range d.Permissions {
		k.Permissions = append(k.Permissions, workspace.Permission(p))
	}
	return k
}

// KeyUse records when a key was last used. It is not part of the directory,
// because every change of the directory is sent to all servers.
type KeyUse struct {
	ID        workspace.KeyID       `bson:"_id"`
	Workspace workspace.WorkspaceID `bson:"workspace"`
	At        time.Time             `bson:"at"`
}
