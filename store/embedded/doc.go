// Package embedded opens a store on an engine inside the process: nothing to
// install, for a demo, a small desk and tests, up to some 5,000 documents. It
// keeps everything in memory and, unless told otherwise, writes all of it to one
// file with each change. One process at a time may use a folder.
package embedded
