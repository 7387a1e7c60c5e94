package inbox

import "context"

// Standings gives what a view holds of what the caller may see, up to limit.
func (s *Service) Standings(ctx context.Context, p Principal, v View, limit int) ([]Standing, error) {
	a, err := s.Access(ctx, p)
	if err != nil {
		return nil, err
	}
	return s.store.Standings(ctx, ConversationQuery{Workspace: p.Workspace, View: v, Reach: a.Reach()}, limit)
}
