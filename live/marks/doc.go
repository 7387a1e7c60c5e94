// Package marks keeps in memory who looks at conversations and who writes there, on all
// servers of an installation.
//
// A mark is said at one server and stands for seconds. Each server tells the others
// what changed in bulletins, which the open feed brings: one for all that changed, five
// a second at most, and none while nothing changes. Nothing is stored, and a server that
// dies takes its marks with it when their time is over.
//
// What a viewer may be shown is decided by the conversation as it is now. A
// conversation where a mark stands is therefore read once, and kept right by the feed;
// while the feed is lost, nobody is shown anywhere.
package marks
