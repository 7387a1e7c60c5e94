// Refuses a schema that breaks who was built on the last released one, which is
// in released.graphqls. `--release` makes the present schema the released one.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { CriticalityLevel, diff } from "@graphql-inspector/core";
import { build, text } from "./schema.js";

const released = new URL("released.graphqls", import.meta.url);

// What was changed on purpose, with why no document that was valid is refused now.
const accepted = {
  Actor: "a union became an interface of the same types: fragments on them stay valid, and name can be selected from all",
};

// breaks lists what in `next` breaks clients of `last`.
export async function breaks(last, next) {
  const changes = await diff(build(last), build(next));
  return changes.filter((change) => change.criticality.level === CriticalityLevel.Breaking && !(change.path in accepted));
}

// A check that refuses nothing would pass for ever, so it is asked first.
async function refusesWhatBreaks(sdl) {
  const broken = sdl.replace(/^type Conversation implements Node \{/m, "type Conversation implements Node {\n  added: String\n")
    .replace(/^( *)subject: String!/m, "$1subject: String");
  if ((await breaks(sdl, broken)).length === 0) throw new Error("the comparison lets a breaking change through");
}

if (process.argv.includes("--release")) {
  writeFileSync(released, text());
  console.log("released.graphqls is the present schema");
} else if (!existsSync(released)) {
  console.log("nothing was released yet");
} else {
  await refusesWhatBreaks(text());
  const found = await breaks(readFileSync(released, "utf8"), text());
  for (const change of found) console.error(`${change.path}: ${change.message}`);
  if (found.length > 0) {
    console.error("This breaks clients. Add beside what is there and deprecate that, or release a new major version.");
    process.exit(1);
  }
  console.log("breaks nobody");
}
