// Lets the tools of clients read the schema as `switchboard schema` prints it: graphql-js,
// on which most of them are built, and Relay's compiler, which has opinions of its own,
// with one operation of each sort: connections, refetching by node, subscriptions.
// TestClientToolsTakeTheSchema in the folder above runs it with the name of the file.
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildSchema, parse, validateSchema } from "graphql";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const [printed] = process.argv.slice(2);
const sdl = readFileSync(printed, "utf8");

const extended = parse(sdl).definitions.filter((definition) => definition.kind.includes("Extension"));
const wrong = validateSchema(buildSchema(sdl));
if (extended.length + wrong.length > 0) {
  console.error("graphql-js:", ...wrong, ...extended.map((definition) => `${definition.name.value} is extended`));
  process.exit(1);
}

rmSync(here(".relay"), { recursive: true, force: true });
mkdirSync(here(".relay/artifacts"), { recursive: true });
copyFileSync(printed, here(".relay/schema.graphql"));

const run = spawnSync(here("node_modules/.bin/relay-compiler"), [here("relay.config.json")], { encoding: "utf8" });
if (run.status !== 0) {
  console.error(run.stdout + run.stderr);
  process.exit(1);
}
console.log("graphql-js and Relay's compiler take it");
