// Package authz answers inbox.Authorizer from policy files.
//
// Casbin decides and a table remembers. When a policy is loaded, Casbin is
// asked every question that can be asked of its presets, once; the answers
// are kept in a table that is replaced as a whole when the policy is. Reading
// it takes no lock and allocates nothing. Tenants and users never become
// policy lines, so the cost does not grow with their number. Roles that a
// workspace made are decided the same way when first asked for, and kept in a
// bounded cache.
//
// A policy is five files: model.conf, plans.csv, features.csv, roles.csv and
// policy.csv. Every word in them is compared with the constants of inbox,
// because Casbin takes a misspelled word for a silent refusal.
package authz
