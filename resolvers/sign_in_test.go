package resolvers_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"switchboard/auth"
	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// vouched is a client with a token that names nobody of ours, only an address
// that the issuer vouches for.
func (w *space) vouched(sub, email string) *client {
	w.t.Helper()
	secret, err := w.store.Secret(w.t.Context())
	require.NoError(w.t, err)
	made := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
		"iss": auth.OwnIssuer, "aud": auth.OwnIssuer, "sub": sub, "workspace": string(w.id), "exp": time.Now().Add(time.Hour).Unix(),
		"email": email, "email_verified": true,
	})
	made.Header["kid"] = auth.OwnKeyID
	token, err := made.SignedString(secret)
	require.NoError(w.t, err)
	return &client{t: w.t, server: w.server, token: token, space: w}
}

// Whoever was added on another server a moment ago is let in and served, though
// this one has not heard of it.
func TestWhoWasAddedElsewhereSignsInAtOnce(t *testing.T) {
	onPairs(t, func(t *testing.T, one, two *server) {
		w := one.newSpace(t, "enterprise", nil)
		w.on(two).as("owner").do(whoSignsIn, nil).ok() // has the directory in memory
		w.settle()
		if one != two {
			two.pumped.mu.Lock()
			defer two.pumped.mu.Unlock()
		}
		w.as("admin").act("addMember", object{"email": "noa@example.test", "name": "Noa", "roles": []string{"agent"}})
		secret, _ := dig(t, w.as("owner").do(`mutation { createApiKey(input: {name: "Site", role: "integration"}) { secret } }`, nil).ok(), "createApiKey.secret").(string)
		require.Equal(t, "Noa", w.on(two).vouched("idp|noa", "noa@example.test").do(whoSignsIn, nil).at("viewer.member.name"))
		key := &client{t: t, server: two, token: secret, space: w.on(two)}
		require.Equal(t, "Site", key.do(`{ viewer { apiKey { name } } }`, nil).at("viewer.apiKey.name"))
		require.Equal(t, 401, w.on(two).vouched("idp|eve", "eve@example.test").do(whoSignsIn, nil).status)
	})
}

const whoSignsIn = `{ viewer { member { name } } }`

// Who was added signs in by the address, on any server, and from then on by the
// subject alone.
func TestAnAddedMemberSignsIn(t *testing.T) {
	onPairs(t, func(t *testing.T, one, two *server) {
		w := one.newSpace(t, "enterprise", nil)
		require.Equal(t, 401, w.vouched("idp|noa", "noa@example.test").do(whoSignsIn, nil).status)
		noa := dig(t, w.as("admin").act("addMember", object{"email": "noa@example.test", "name": "Noa", "roles": []string{"agent"}}), "member.id")
		w.settle()
		require.Equal(t, "Noa", w.vouched("idp|noa", "Noa@Example.test").do(whoSignsIn, nil).at("viewer.member.name"))
		require.Eventually(t, func() bool {
			return w.on(two).vouched("idp|noa", "").do(whoSignsIn, nil).status == 200
		}, patience, tick, "the other server knows the subject")
		other := w.vouched("idp|eve", "noa@example.test").do(whoSignsIn, nil)
		require.Equal(t, 401, other.status)
		require.Contains(t, other.text, "another identity")
		require.Equal(t, 401, w.vouched("idp|noa2", "").do(whoSignsIn, nil).status)
		entries := w.as("owner").audited(object{"targetId": noa, "actions": []string{"member.sign_in_bound"}})
		require.Len(t, entries, 1)
		require.Equal(t, noa, dig(t, entries[0], "actor.id"))
		require.Equal(t, []any{object{"field": "signIn", "from": nil, "to": "bound"}}, dig(t, entries[0], "changes"))

		w.as("admin").act("removeMember", object{"id": noa})
		require.Equal(t, 401, w.vouched("idp|noa", "noa@example.test").do(whoSignsIn, nil).status)
		w.as("admin").act("addMember", object{"email": "noa@example.test", "name": "Noa again", "roles": []string{"agent"}})
		require.Equal(t, "Noa again", w.vouched("idp|new", "noa@example.test").do(whoSignsIn, nil).at("viewer.member.name"), "a removal sets the address free")
	})
}

// Of many first sign-ins at once with one address one subject is bound, however
// often it asks and on whichever server.
func TestContestedFirstSignIns(t *testing.T) {
	onPairs(t, func(t *testing.T, one, two *server) {
		for range 8 {
			w := one.newSpace(t, "enterprise", nil)
			bound := make([]workspace.MemberID, 8)
			var acts []func() error
			for i := range bound {
				s := []*server{one, two}[i%2]
				acts = append(acts, func() (err error) {
					bound[i], err = s.service.Admin.BindSignIn(t.Context(), w.id, "agent1@example.test", fmt.Sprint("idp|", i/4))
					return err
				})
			}
			errs := atTheSameTime(acts...)
			d, err := w.store.Directory(t.Context(), w.id)
			require.NoError(t, err)
			won := d.Members[w.member("agent1")].Subject
			require.NotEmpty(t, won)
			for i, err := range errs {
				if fmt.Sprint("idp|", i/4) == won {
					require.NoError(t, err, "who won is let in each time")
					require.Equal(t, w.member("agent1"), bound[i])
					continue
				}
				require.Equal(t, inbox.Unauthenticated, inbox.CodeOf(err), "%v", err)
			}
		}
	})
}

// One subject is never two members', also when it asks for both at once.
func TestASubjectIsOneMembers(t *testing.T) {
	onPairs(t, func(t *testing.T, one, two *server) {
		for range 8 {
			w := one.newSpace(t, "enterprise", nil)
			errs := atTheSameTime(
				func() error {
					_, err := one.service.Admin.BindSignIn(t.Context(), w.id, "agent1@example.test", "idp|x")
					return err
				},
				func() error {
					_, err := two.service.Admin.BindSignIn(t.Context(), w.id, "agent2@example.test", "idp|x")
					return err
				},
			)
			require.NotEqual(t, errs[0] == nil, errs[1] == nil, "%v", errs)
		}
	})
}
