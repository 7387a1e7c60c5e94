package authz_test

import (
	"errors"
	"testing"
	"testing/fstest"

	"switchboard/authz"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// FuzzLoad puts any text in place of each CSV file: the policy loads and
// answers, or says what is wrong and how to mend it. It never panics.
func FuzzLoad(f *testing.F) {
	base := tiny(f)
	names := []string{"plans.csv", "features.csv", "roles.csv", "policy.csv"}
	for i, name := range names {
		f.Add(byte(i), base[name].Data)
	}
	f.Fuzz(func(t *testing.T, which byte, data []byte) {
		files := fstest.MapFS{}
		for name, file := range base {
			files[name] = file
		}
		name := names[int(which)%len(names)]
		files[name] = &fstest.MapFile{Data: data}
		policy, err := authz.Load(files)
		var wrong *authz.PolicyError
		switch {
		case err == nil:
			requireSane(t, policy)
		case !errors.As(err, &wrong) || wrong.File == "" || wrong.Problem == "" || wrong.Fix == "" || wrong.Line < 0:
			t.Fatalf("the error does not help: %#v", err)
		}
	})
}

// requireSane holds for every policy that loads.
func requireSane(t *testing.T, policy *authz.Policy) {
	t.Helper()
	answers := authz.New(policy)
	plans := policy.Plans()
	if len(plans) == 0 {
		t.Fatal("a policy without a plan")
	}
	for _, f := range workspace.Features() {
		if included, lowest := answers.Includes(plans[len(plans)-1].Name, f); included != (lowest != "") || !included && f != workspace.FeatureReclaim && f != workspace.FeatureWebhooks && f != workspace.FeatureOffers {
			t.Fatalf("the highest plan lacks %s", f)
		}
	}
	seen := map[workspace.RoleName]bool{}
	for _, role := range policy.Roles() {
		seen[role] = true
	}
	if !seen[workspace.RoleOwner] || !seen[workspace.RoleAIAgent] || seen[""] {
		t.Fatalf("roles %v", policy.Roles())
	}
	if answers.Scope(access.GrantQuery{Plan: plans[0].Name, Role: "no such role"}, workspace.Ticket, workspace.PermView) != workspace.ScopeNone {
		t.Fatal("a role that does not exist may view")
	}
}
