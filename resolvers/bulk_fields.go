package resolvers

import (
	"errors"
	"slices"

	"switchboard/graph/model"
	"switchboard/inbox"
)

// inBulk is err with the path of the argument as the caller of actOnConversations sent it:
// the single verb names its own arguments, such as to.teamId. B:G1
func inBulk(in model.BulkInput, err error) error {
	return refield(err, func(path []string) []string {
		switch path[0] {
		case "to":
			return append(bulkTargetPath(in.Verb), bulkTargetField(in.Verb, path[1:])...)
		case "spreadOver":
			return append(bulkTargetPath(in.Verb), path...)
		case "ids", "view":
			return append([]string{"selection"}, path...)
		}
		return path
	})
}

// inView is err about a field of a view, with the path of that view.
func inView(err error) error {
	return refield(err, func(path []string) []string {
		if path[0] == "view" {
			return path
		}
		return append([]string{"view"}, path...)
	})
}

func bulkTargetPath(in *model.BulkVerb) []string {
	if in != nil && in.Transfer != nil {
		return []string{"verb", "transfer"}
	}
	return []string{"verb", "assign"}
}

// bulkTargetField is the field of the target that a single verb calls single: a member who
// was picked from spreadOver is called memberId there.
func bulkTargetField(in *model.BulkVerb, single []string) []string {
	for _, target := range []*model.BulkTarget{in.Assign, in.Transfer} {
		if target != nil && target.SpreadOver != nil {
			return []string{"spreadOver"}
		}
	}
	return single
}

// refield is err with another path of its argument, if it has one.
func refield(err error, to func([]string) []string) error {
	var e *inbox.Error
	if !errors.As(err, &e) || len(e.Field) == 0 {
		return err
	}
	return about(*e, to(slices.Clone(fieldPath(e.Field))))
}

// missingAt is err with the argument that named what was not found, if it is NOT_FOUND.
func missingAt(field string, err error) error {
	var e *inbox.Error
	if !errors.As(err, &e) || e.Code != inbox.NotFound || len(e.Field) > 0 || field == "" {
		return err
	}
	return about(*e, []string{field})
}

// about is e about the argument with a path.
func about(e inbox.Error, path []string) error {
	e.Field = path
	return &e
}
