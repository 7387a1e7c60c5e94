// Makes the servers named in MEMBERS one replica set, unless they are one
// already, and waits for a primary.
const hosts = process.env.MEMBERS.split(",");

try {
  rs.status();
} catch (error) {
  if (error.codeName !== "NotYetInitialized") throw error;
  rs.initiate({ _id: "switchboard", members: hosts.map((host, _id) => ({ _id, host })) });
}

const deadline = Date.now() + 60_000;
while (!rs.status().members.some((member) => member.stateStr === "PRIMARY")) {
  if (Date.now() > deadline) throw new Error("the replica set has no primary after a minute");
  sleep(200);
}
