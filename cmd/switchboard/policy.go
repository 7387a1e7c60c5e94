package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"switchboard/authz"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// policyCommand is about the folder of --policy-dir. Its commands need no server.
type policyCommand struct {
	Init    policyInitCommand    `cmd:"" help:"Write a built-in policy into a folder, to be changed."`
	Check   policyCheckCommand   `cmd:"" help:"Name every mistake in a folder of policy files."`
	Explain policyExplainCommand `cmd:"" help:"Say what a policy decides, by which line, and what would change that."`
	Test    policyTestCommand    `cmd:"" help:"Compare what a policy decides with a table of your own."`
}

type policyInitCommand struct {
	Dir          string `arg:"" help:"Folder to write to; it is made if it does not exist."`
	PolicyPreset string `help:"Built-in policy to begin with: default or league." default:"default"`
}

// Run writes the files of a preset, and nothing if one of them is there.
func (c *policyInitCommand) Run(in *invocation) error {
	if !slices.Contains(authz.Presets(), c.PolicyPreset) {
		why := fmt.Sprintf("%q is not one of %s", c.PolicyPreset, strings.Join(authz.Presets(), ", "))
		return settingErrors{{in.from.describe("policy-preset"), why, "--policy-preset default"}}
	}
	files := authz.PresetFiles(c.PolicyPreset)
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		return fmt.Errorf("read the preset %s: %w", c.PolicyPreset, err)
	}
	for _, entry := range entries {
		if _, err := os.Lstat(filepath.Join(c.Dir, entry.Name())); err == nil {
			return refuse("%s is there already, and is not written over. Name an empty folder", filepath.Join(c.Dir,
				entry.Name()))
		}
	}
	if err := os.CopyFS(c.Dir, files); err != nil {
		return fail(exitUsage, fmt.Errorf("the policy cannot be written to %s: %w", c.Dir, err))
	}
	_, err = fmt.Fprintf(in.stdout, "The policy %s is in %s. Change its files, then: switchboard policy check %s\n", c.PolicyPreset, c.Dir, c.Dir)
	return err
}

type policyCheckCommand struct {
	Dir  string `arg:"" help:"Folder of policy files."`
	JSON bool   `help:"Print JSON." name:"json"`
}

// checkedPolicy is the result of a check.
type checkedPolicy struct {
	Valid    bool      `json:"valid"`
	Problems []problem `json:"problems"`
	Notes    []string  `json:"notes"`
	Plans    []named   `json:"plans"`
	Roles    []named   `json:"roles"`
}

// problem is a mistake in a policy file. Line counts from 1; 0 is the file as a whole.
type problem struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Problem string `json:"problem"`
	Fix     string `json:"fix"`
}

// named is a plan or a role, in the words of the policy.
type named struct {
	Name        string `json:"name"`
	Label       string `json:"label"`
	Description string `json:"description"`
}

// Run loads the policy as the server would. Problems are an error; notes are not.
func (c *policyCheckCommand) Run(in *invocation) error {
	policy, err := authz.LoadDir(c.Dir)
	err = fail(exitPolicyInvalid, err)
	out := check(policy, err)
	if c.JSON {
		return errors.Join(printJSON(in.stdout, out), err)
	}
	if err != nil {
		return err
	}
	return out.print(in.stdout, c.Dir)
}

func check(policy *authz.Policy, err error) checkedPolicy {
	out := checkedPolicy{Valid: err == nil, Problems: []problem{}, Notes: []string{}, Plans: []named{}, Roles: []named{}}
	for _, p := range authz.Problems(err) {
		out.Problems = append(out.Problems, problem(*p))
	}
	if err != nil {
		return out
	}
	out.Notes = notesOn(policy)
	for _, plan := range policy.Plans() {
		out.Plans = append(out.Plans, named{string(plan.Name), plan.Label, plan.Description})
	}
	for _, name := range policy.Roles() {
		role, _ := policy.PresetRole(name)
		out.Roles = append(out.Roles, named{string(role.Name), role.Label, role.Description})
	}
	return out
}

func (c checkedPolicy) print(w io.Writer, dir string) error {
	text := fmt.Sprintf("The policy in %s can be used.\n\nPlans, low to high:\n%s\nRoles:\n%s", dir,
		table(c.Plans), table(c.Roles))
	for _, note := range c.Notes {
		text += "\nNote: " + note + "\n"
	}
	_, err := io.WriteString(w, text)
	return err
}

func table(all []named) (out string) {
	for _, one := range all {
		line := fmt.Sprintf("  %-14s %s", one.Name, one.Label)
		if one.Description != "" {
			line += ": " + one.Description
		}
		out += line + "\n"
	}
	return out
}

// notesOn are about what can be used and is hardly meant.
func notesOn(policy *authz.Policy) []string {
	asked, notes := authz.New(policy), []string{}
	for _, action := range workspace.WorkspaceActions() {
		held := false
		for _, role := range policy.Roles() {
			held = held || asked.Workspace(access.GrantQuery{Role: role}, action)
		}
		if !held {
			notes = append(notes, fmt.Sprintf("No role holds %s, so nobody can do it.", action))
		}
	}
	for _, role := range policy.Roles() {
		if role != workspace.RolePartner && holdsNothing(asked, role) {
			notes = append(notes, fmt.Sprintf("The role %s holds nothing.", role))
		}
	}
	return notes
}

func holdsNothing(asked *authz.Authorizer, role workspace.RoleName) bool {
	for _, action := range workspace.WorkspaceActions() {
		if asked.Workspace(access.GrantQuery{Role: role}, action) {
			return false
		}
	}
	plans := asked.Plans()
	for _, kind := range workspace.Kinds() {
		for _, action := range workspace.PermActions() {
			if asked.Scope(access.GrantQuery{Plan: plans[len(plans)-1].Name, Role: role}, kind, action) > workspace.ScopeNone {
				return false
			}
		}
	}
	return true
}
