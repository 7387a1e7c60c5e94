package mongo

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

// ExportWorkspace calls each for every document of a collection that belongs to ws, by
// id, and ends with the first error. Each keeps nothing of the document.
func (s *Store) ExportWorkspace(ctx context.Context, ws workspace.WorkspaceID, collection string, each func(bson.Raw) error) error {
	where := belonging(collection, ws)
	if where == nil {
		return nil
	}
	return s.exportWhere(ctx, collection, where, each)
}

// DeleteWorkspace removes everything of a workspace, one collection after the other and
// the workspace last. Collections without an index by workspace are read once.
func (s *Store) DeleteWorkspace(ctx context.Context, ws workspace.WorkspaceID, progress func(removed int)) (map[string]int, error) {
	removed, total := map[string]int{}, 0
	for _, name := range document.Collections() {
		where := belonging(name, ws)
		if where == nil {
			continue
		}
		done, err := s.db.Collection(name).DeleteMany(ctx, where)
		if err != nil {
			return removed, fault("delete "+name, err)
		}
		if n := int(done.DeletedCount); n > 0 {
			removed[name] = n
			total += n
		}
		if progress != nil {
			progress(total)
		}
	}
	return removed, nil
}

// EmptyWorkspace removes the content of a workspace, one collection after the other.
func (s *Store) EmptyWorkspace(ctx context.Context, ws workspace.WorkspaceID) (removed int, err error) {
	for _, name := range document.Collections() {
		if !document.IsContent(name) {
			continue
		}
		done, err := s.db.Collection(name).DeleteMany(ctx, belonging(name, ws))
		if err != nil {
			return removed, fault("empty "+name, err)
		}
		removed += int(done.DeletedCount)
	}
	return removed, forgetLog(ctx, s, ws)
}

// belonging finds the documents of a collection that belong to ws; nil for a collection
// of the installation.
func belonging(collection string, ws workspace.WorkspaceID) bson.D {
	switch document.BelongingOf(collection) {
	case document.OfInstallation:
		return nil
	case document.ByID:
		return bson.D{{Key: "_id", Value: ws}}
	case document.ByField, document.ByIDPrefix: // loads have the field here as well
	}
	return bson.D{{Key: "workspace", Value: ws}}
}
