package resolvers_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/admin"
	"switchboard/inbox/audit"
	"switchboard/inbox/workspace"
	"switchboard/store/mongo"
)

// onPairs runs a suite on one server of the embedded engine, which knows no
// second, and on two servers of one database over the wire.
func onPairs(t *testing.T, suite func(t *testing.T, one, two *server)) {
	t.Helper()
	t.Run("embedded", func(t *testing.T) { s := onEmbedded(t); suite(t, s, s) })
	t.Run("wire", func(t *testing.T) {
		one := onWire(t)
		two, err := mongo.Open(t.Context(), one.config)
		require.NoError(t, err)
		suite(t, one, serve(t, two))
	})
}

// on is the same workspace on another server.
func (w *space) on(s *server) *space { return &space{server: s, t: w.t, id: w.id} }

// atTheSameTime runs all of them at once and gives their errors in order.
func atTheSameTime(acts ...func() error) []error {
	errs := make([]error, len(acts))
	var running sync.WaitGroup
	start := make(chan struct{})
	for i, act := range acts {
		running.Go(func() { <-start; errs[i] = act() })
	}
	close(start)
	running.Wait()
	return errs
}

// Two owners who demote or remove each other at once, on two servers: one of
// them stays.
func TestOneOwnerStaysWhoeverIsFaster(t *testing.T) {
	onPairs(t, func(t *testing.T, one, two *server) {
		for round := range 12 {
			w := one.newSpace(t, "enterprise", func(d *workspace.Directory) {
				for id, m := range d.Members {
					if m.Roles[0] == "admin" {
						m.Roles = []workspace.RoleName{workspace.RoleOwner}
						d.Members[id] = m
					}
				}
			})
			demote := func(s *server, by, whom string) func() error {
				return func() error {
					_, _, err := s.service.Admin.UpdateMember(t.Context(), w.principal(by), w.member(whom), admin.MemberEdit{Roles: []workspace.RoleName{"agent"}})
					return err
				}
			}
			remove := func(s *server, by, whom string) func() error {
				return func() error {
					_, _, err := s.service.Admin.RemoveMember(t.Context(), w.principal(by), w.member(whom))
					return err
				}
			}
			errs := atTheSameTime([][]func() error{
				{demote(one, "owner", "owner"), demote(two, "admin", "admin")},
				{demote(one, "owner", "admin"), demote(two, "admin", "owner")},
				{remove(one, "owner", "admin"), remove(two, "admin", "owner")},
			}[round%3]...)
			require.NotEqual(t, errs[0] == nil, errs[1] == nil, "%v", errs)
			lost := errs[0]
			if lost == nil {
				lost = errs[1]
			}
			require.Contains(t, []inbox.Code{inbox.LastOwner, inbox.PermissionDenied, inbox.Unauthenticated}, inbox.CodeOf(lost), "%v", lost)
			d, err := w.store.Directory(t.Context(), w.id)
			require.NoError(t, err)
			owners := slices.DeleteFunc(d.SortedMembers(), func(m workspace.Member) bool { return !slices.Contains(m.Roles, workspace.RoleOwner) })
			require.Len(t, owners, 1)
		}
	})
}

// An address, the name of a team and an idempotency key are given once.
func TestWhatIsThereOnceIsMadeOnce(t *testing.T) {
	onPairs(t, func(t *testing.T, one, two *server) {
		w := one.newSpace(t, "enterprise", nil)
		for i := range 5 {
			var adds, teams, repeats []func() error
			for j, s := range []*server{one, two, one, two} {
				adds = append(adds, func() error {
					_, err := s.service.Admin.AddMember(t.Context(), w.principal("owner"), admin.NewMember{Email: fmt.Sprintf("n%d@example.test", i), Name: fmt.Sprint("N", j), Roles: []workspace.RoleName{"agent"}})
					return err
				})
				teams = append(teams, func() error {
					_, err := s.service.Admin.CreateTeam(t.Context(), w.principal("owner"), admin.NewTeam{Name: fmt.Sprint("Team ", i)})
					return err
				})
				repeats = append(repeats, func() error {
					_, err := s.service.Admin.CreateTeam(t.Context(), w.principal("owner"), admin.NewTeam{Name: fmt.Sprint("Repeated ", i), Key: fmt.Sprint("k", i)})
					return err
				})
			}
			for _, acts := range [][]func() error{adds, teams} {
				lost := slices.DeleteFunc(atTheSameTime(acts...), func(err error) bool { return err == nil })
				require.Len(t, lost, 3)
				for _, err := range lost {
					require.Equal(t, inbox.InvalidInput, inbox.CodeOf(err), "%v", err)
				}
			}
			for _, err := range atTheSameTime(repeats...) {
				require.NoError(t, err)
			}
		}
		d, err := w.store.Directory(t.Context(), w.id)
		require.NoError(t, err)
		require.Len(t, d.Members, len(crew())+5)
		require.Len(t, d.Teams, 2+10)
		log, err := w.store.ListAudit(t.Context(), audit.AuditQuery{Workspace: w.id, Page: inbox.PageRequest{Limit: 100}})
		require.NoError(t, err)
		require.Len(t, log.Items, 15, "each act is told once")
	})
}
