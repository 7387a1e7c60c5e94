package resolvers

import (
	"reflect"
	"strings"

	"switchboard/graph/model"
	"switchboard/inbox"
)

// refuseEmptyChoice is for a view whose conversations a call acts on. A list shows everything
// for an empty choice, which is harmless; here who picked nothing means nothing.
func refuseEmptyChoice(in model.InboxView) error {
	field := emptyList(in)
	if field == "" {
		return nil
	}
	return inbox.Invalid(field, "%s is empty, so that the call would act on all. Leave it out if you mean that.", field)
}

// emptyList names the first list of a view that is given and has nothing; empty for none.
func emptyList(in model.InboxView) string {
	fields := reflect.ValueOf(in)
	for i := range fields.NumField() {
		if f := fields.Field(i); f.Kind() == reflect.Slice && !f.IsNil() && f.Len() == 0 {
			name, _, _ := strings.Cut(fields.Type().Field(i).Tag.Get("json"), ",")
			return name
		}
	}
	return ""
}
