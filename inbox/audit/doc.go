// Package audit is what the audit log of a workspace says.
package audit
