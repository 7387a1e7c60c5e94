// Package writequeue lets the writers of one document wait for each other in this
// process, in a fair order and in bounded number. A database that refuses the second
// writer at once would otherwise make each of them begin again and again.
package writequeue
