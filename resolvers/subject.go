package resolvers

import (
	"context"
	"reflect"
	"strings"

	"github.com/99designs/gqlgen/graphql"
)

// subjectArgument is the path of the argument by which the caller named what the mutation is
// about: the first id that was given, in the order of the schema, or the name of what has
// no id. A refusal that names no argument means this one; one about a later argument has
// to say so. Empty for none.
func subjectArgument(ctx context.Context) string {
	f := graphql.GetFieldContext(ctx)
	if f == nil || f.Field.Definition == nil {
		return ""
	}
	for _, argument := range f.Field.Definition.Arguments {
		given := reflect.Indirect(reflect.ValueOf(f.Args[argument.Name]))
		switch {
		case given.Kind() == reflect.Struct:
			return firstNaming(given)
		case isID(argument.Name):
			return argument.Name
		}
	}
	return ""
}

// firstNaming is the first field of an input that is an id and was given, else its name.
func firstNaming(input reflect.Value) (named string) {
	for i := range input.NumField() {
		name, _, _ := strings.Cut(input.Type().Field(i).Tag.Get("json"), ",")
		switch given := !input.Field(i).IsZero(); {
		case given && isID(name):
			return name
		case given && name == "name":
			named = name
		}
	}
	return named
}

func isID(argument string) bool {
	return argument == "id" || argument == "ids" || strings.HasSuffix(argument, "Id")
}
