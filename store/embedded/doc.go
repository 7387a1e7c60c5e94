// Package embedded opens a store on an engine inside the process, with nothing to
// install: for a demo, a small desk and tests, up to some 5,000 documents. It keeps
// all data in memory and writes all of it to one file with each change, unless the
// configuration says otherwise. One process at a time may use a folder.
package embedded
