package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"switchboard/authz"
	"switchboard/authz/truth"
	"switchboard/inbox/workspace"
)

type policyExplainCommand struct {
	Plan     string `help:"Plan of the workspace. Workspace actions do not depend on it." placeholder:"PLAN"`
	Role     string `help:"Role of the caller. Without one, --action is a feature of the plan." placeholder:"ROLE"`
	Action   string `help:"Such as transfer, teams.manage or method.random." required:"" placeholder:"ACTION"`
	Kind     string `help:"Kind of conversation: livechat or ticket." placeholder:"KIND"`
	Relation string `help:"Whose it is: mine, teammate, other, team_queue, other_queue or pool." placeholder:"WORD"`
	JSON     bool   `help:"Print JSON." name:"json"`

	policySettings `embed:""`
}

// explained is the answer: what the policy decides, and what the API says in a workspace
// with the default rules.
type explained struct {
	authz.Explanation
	API *apiAnswer `json:"api,omitempty"`
}

// apiAnswer is what the API says to the action that the permission is for.
type apiAnswer struct {
	Action string `json:"action"`
	truth.Answer
}

// Run explains one decision. Both verdicts are a success.
func (c *policyExplainCommand) Run(in *invocation) error {
	policy, err := c.load(in)
	if err != nil {
		return err
	}
	if err := c.check(in.from); err != nil {
		return err
	}
	q := authz.Question{Plan: workspace.PlanName(c.Plan), Role: workspace.RoleName(c.Role), Action: c.Action}
	if c.onConversation() {
		q.Kind, q.Scope = workspace.Kind(strings.ToUpper(c.Kind)), truth.ScopeOf(c.Relation)
	}
	var out explained
	if out.Explanation, err = policy.Policy().Explain(q); errors.Is(err, authz.ErrNotAsked) {
		return fail(exitUsage, err)
	} else if err != nil {
		return fail(exitPolicyInvalid, err)
	}
	if c.onConversation() {
		out.API = c.api(policy, q)
	}
	if c.JSON {
		return printJSON(in.stdout, out)
	}
	return c.print(in.stdout, out, policy)
}

// load checks the settings of the policy and loads it.
func (s policySettings) load(in *invocation) (*authz.Authorizer, error) {
	c := &checks{from: in.from}
	s.check(c)
	if len(c.errors) > 0 {
		return nil, c.errors
	}
	return openPolicy(s)
}

// onConversation reports whether the question is about a permission.
func (c *policyExplainCommand) onConversation() bool {
	return c.Role != "" && slices.Contains(workspace.PermActions(), workspace.PermAction(c.Action))
}

func (c *policyExplainCommand) check(from origins) error {
	const example = "--plan pro --role agent --action transfer --kind ticket --relation teammate"
	wrong := &checks{from: from}
	if !c.onConversation() {
		for name, value := range map[string]string{"kind": c.Kind, "relation": c.Relation} {
			if value != "" {
				wrong.wrong(name, example, "only an action of a permission, of a role, is about a conversation")
			}
		}
		return wrong.failed()
	}
	if !slices.Contains(workspace.Kinds(), workspace.Kind(strings.ToUpper(c.Kind))) {
		wrong.wrong("kind", example, "%q is not one of livechat, ticket", c.Kind)
	}
	if truth.RelationOf(c.Relation) == "" {
		wrong.wrong("relation", example, "%q is not one of mine, teammate, other, team_queue, other_queue, pool", c.Relation)
	}
	return wrong.failed()
}

// failed is nil when nothing was wrong.
func (c *checks) failed() error {
	if len(c.errors) == 0 {
		return nil
	}
	return c.errors
}

// api asks for the action of the API, which the rules of a workspace decide too.
func (c *policyExplainCommand) api(policy *authz.Authorizer, q authz.Question) *apiAnswer {
	asked := truth.Case{Plan: c.Plan, Role: c.Role, Action: string(truth.ActionOf(workspace.PermAction(c.Action))),
		Kind: string(q.Kind), Relation: c.Relation}
	if asked.Check(policy) != nil {
		return nil // an AI agent has no teammates
	}
	answer, err := asked.Ask(policy)
	if err != nil {
		return nil
	}
	return &apiAnswer{asked.Action, answer}
}

func (c *policyExplainCommand) print(w io.Writer, out explained, policy *authz.Authorizer) error {
	verdict := "Denied"
	if out.Allowed {
		verdict = "Allowed"
	}
	text := fmt.Sprintf("%s: %s\n", verdict, c.question(policy))
	for _, l := range out.Lines {
		text += fmt.Sprintf("  %s:%d: %s\n", l.File, l.Line, l.Text)
	}
	if len(out.Changes) > 0 {
		text += "What would change it:\n"
	}
	for _, change := range out.Changes {
		text += "  - " + change + "\n"
	}
	if out.API != nil {
		text += fmt.Sprintf("With the default rules of a workspace, the API answers %s: %s\n", out.API.Action, out.API.Answer)
	}
	_, err := io.WriteString(w, text)
	return err
}

// question repeats what was asked, in words.
func (c *policyExplainCommand) question(policy *authz.Authorizer) string {
	var parts []string
	if c.Role != "" {
		role, _ := policy.PresetRole(workspace.RoleName(c.Role))
		parts = append(parts, "role "+role.Label)
	}
	for _, p := range policy.Plans() {
		if string(p.Name) == c.Plan {
			parts = append(parts, "plan "+p.Label)
		}
	}
	if c.onConversation() {
		return fmt.Sprintf("%s, %s %s (%s)", strings.Join(parts, ", "), c.Action, strings.ToLower(c.Kind),
			strings.ToLower(c.Relation))
	}
	return strings.Join(append(parts, c.Action), ", ")
}
