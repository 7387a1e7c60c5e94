// Package measure counts what a reader notices about Go code before reading it:
// how long files and functions are, how many names a package exports, how much of
// it is commented, and how plain the comments are.
//
// Generated files and tests are left out. The command in report prints the
// figures, and internal/architecture holds the module to limits made of them.
package measure
