// Package sharding tells whether a sharded database could send a command to one shard:
// whether its filter has the workspace, which is the shard key. collections.csv says
// which collections are sharded, exceptions.csv what is sent to all shards, and why. Tests
// have every command looked at that a store sends.
package sharding
