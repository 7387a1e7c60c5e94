// Package architecture holds the test that keeps the module's folders apart. Its
// rules are data, in imports.txt.
package architecture
