// Lets Relay's compiler read the schema, with one operation of each sort that
// Relay has opinions about: connections, refetching by node, subscriptions.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { printSchema } from "graphql";
import { build } from "./schema.js";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

rmSync(here(".relay"), { recursive: true, force: true });
mkdirSync(here(".relay/artifacts"), { recursive: true });
// Relay wants no extensions of what the same file defines.
writeFileSync(here(".relay/schema.graphql"), printSchema(build()));

const run = spawnSync(here("node_modules/.bin/relay-compiler"), [here("relay.config.json")], { encoding: "utf8" });
if (run.status !== 0) {
  console.error(run.stdout + run.stderr);
  process.exit(1);
}
console.log("Relay's compiler accepts it");
