package resolvers

import (
	"switchboard/graph"
)

func (r *Resolver) AssignmentEvent() graph.AssignmentEventResolver {
	return &assignmentEventResolver{r}
}

type assignmentEventResolver struct{ *Resolver }
