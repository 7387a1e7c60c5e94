// Makes the config server and both shards of deploy/test-mongodb-sharded.yaml replica
// sets of one member, unless they are already, and waits until each has a primary.
const sets = { config: 27217, "shard-1": 27218, "shard-2": 27219 };

for (const [name, port] of Object.entries(sets)) {
  const host = `127.0.0.1:${port}`;
  const admin = new Mongo(`mongodb://${host}/?directConnection=true`).getDB("admin");
  try {
    admin.runCommand({ replSetInitiate: { _id: name, configsvr: name === "config", members: [{ _id: 0, host }] } });
  } catch (error) {
    if (error.codeName !== "AlreadyInitialized") throw error;
  }
  const deadline = Date.now() + 60_000;
  while (!admin.runCommand({ hello: 1 }).isWritablePrimary) {
    if (Date.now() > deadline) throw new Error(`${name} has no primary after a minute`);
    sleep(200);
  }
}
