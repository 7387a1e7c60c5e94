// Package workspace is who and what makes up a workspace: members, teams, AI agents and
// API keys, roles and permissions, the plan, and the rules.
package workspace
