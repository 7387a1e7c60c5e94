// Package blackbox holds the tests that know the program only from outside: they
// build it, start it as a process, and talk to it as its users do.
package blackbox
