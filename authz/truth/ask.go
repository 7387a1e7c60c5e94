package truth

import (
	"slices"
	"strings"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/admin"
	"switchboard/inbox/workspace"
)

// Ask asks policy the question of c, in a workspace with the default rules but for
// c.Rule, whose own roles are custom. A plan or role that does not exist is answered
// too, by deny; Check finds it. The error is an *Error for a rule that cannot be so.
func (c Case) Ask(policy access.Authorizer, custom ...workspace.CustomRole) (Answer, error) {
	if c.Role == "" {
		included, lowest := policy.Includes(workspace.PlanName(c.Plan), workspace.Feature(c.Action))
		return answer(included, string(access.DeniedByPlan), string(lowest)), nil
	}
	rules, err := c.rules()
	if err != nil {
		return Answer{}, err
	}
	a, err := access.NewAccess(c.caller(), c.directory(rules, custom), policy)
	if err != nil {
		return Answer{}, wrong(c.Line, "The caller is refused: %v", err)
	}
	if c.Kind == "" {
		return answer(a.May(workspace.WorkspaceAction(c.Action)), string(access.DeniedByPermission), c.Action), nil
	}
	conversation, _ := c.conversation()
	if slices.Contains(workspace.PermActions(), workspace.PermAction(c.Action)) {
		needed := workspace.Permission{Kind: conversation.Kind, Action: workspace.PermAction(c.Action),
			Scope: a.Relation(conversation)}
		return answer(a.Scope(needed.Kind, needed.Action) >= needed.Scope, string(access.DeniedByPermission),
			needed.String()), nil
	}
	v := a.Can(conversation, inbox.Action(c.Action))
	return answer(v.Allowed, string(v.Reason), needs(v)), nil
}

func needs(v access.Verdict) string {
	switch v.Reason {
	case access.DeniedByPlan:
		return string(v.RequiredPlan)
	case access.DeniedByPermission:
		return v.Permission
	default:
		return string(v.Hint)
	}
}

func answer(allowed bool, reason, needs string) Answer {
	if allowed {
		return Answer{Verdict: "allow"}
	}
	return Answer{Verdict: "deny", Reason: reason, Needs: needs}
}

// Check compares the words of c with those that there are: a misspelled one would be a
// silent denial. The error is an *Error.
func (c Case) Check(policy access.Authorizer, custom ...workspace.CustomRole) error {
	plans := names(policy.Plans(), func(p workspace.Plan) string { return string(p.Name) })
	roles := append(asStrings(policy.Roles()), names(custom,
		func(r workspace.CustomRole) string { return string(r.Name) })...)
	if err := c.known("plan", c.Plan, plans, c.Plan == "" && c.Role != "" && c.Kind == ""); err != nil {
		return err
	}
	for role := range strings.SplitSeq(c.Role, "+") {
		if err := c.known("role", role, roles, c.Role == ""); err != nil {
			return err
		}
	}
	switch _, possible := c.conversation(); {
	case c.Role == "":
		return c.known("feature", c.Action, asStrings(workspace.Features()), false)
	case c.Kind == "":
		return c.known("workspace action", c.Action, asStrings(workspace.WorkspaceActions()), false)
	case !possible && RelationOf(c.Relation) != "":
		return wrong(c.Line, "An AI agent has no conversation that is %s. Write OWN or OTHER.", c.Relation)
	case !possible:
		return c.known("relation", c.Relation, append(Relations(), "mine", "teammate", "stranger"), false)
	}
	return c.known("action", c.Action, append(asStrings(workspace.PermActions()), asStrings(access.Actions())...), false)
}

func (c Case) known(what, word string, known []string, optional bool) error {
	if optional || slices.Contains(known, word) {
		return nil
	}
	return wrong(c.Line, "There is no %s %q. Write one of: %s.", what, word, strings.Join(known, ", "))
}

func names[T any](all []T, name func(T) string) []string {
	out := make([]string, len(all))
	for i, one := range all {
		out[i] = name(one)
	}
	return out
}

func asStrings[T ~string](all []T) []string {
	return names(all, func(word T) string { return string(word) })
}

// rules are the defaults, but for c.Rule.
func (c Case) rules() (workspace.Rules, error) {
	rules := workspace.DefaultRules()
	name, value, _ := strings.Cut(c.Rule, "=")
	switch name {
	case "":
	case "transferActor":
		rules.TransferActor = workspace.TransferActor(value)
	case "closeActor":
		rules.CloseActor = workspace.CloseActor(value)
	case "sendPolicy":
		rules.SendPolicy = workspace.SendPolicy(value)
	case "takeoverUnassigned":
		rules.TakeoverUnassigned = workspace.TakeoverUnassigned(value)
	case "visibility":
		rules.Visibility = workspace.Visibility(value)
	case "unassign":
		rules.Unassign = workspace.UnassignRule(value)
	default:
		return rules, wrong(c.Line, "There is no rule %q to test by. Write one of: transferActor, closeActor, sendPolicy, takeoverUnassigned, visibility, unassign.", name)
	}
	if err := admin.ValidateRules(rules); err != nil {
		return rules, wrong(c.Line, "The rule cannot be so: %v", err)
	}
	return rules, nil
}

// ActionOf is the action of the API that an action of permissions is about.
func ActionOf(action workspace.PermAction) inbox.Action {
	if action == workspace.PermTakeover {
		return inbox.ActionTakeOver
	}
	if action == workspace.PermHandoff {
		return inbox.ActionHandOff
	}
	return inbox.Action(strings.ToUpper(string(action)))
}
