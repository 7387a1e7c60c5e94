// The schema as the program serves it: all files of the folder above.
import { readFileSync, readdirSync } from "node:fs";
import { buildSchema } from "graphql";

const folder = new URL("../", import.meta.url);

export function text() {
  const files = readdirSync(folder).filter((name) => name.endsWith(".graphqls"));
  return files.sort().map((name) => readFileSync(new URL(name, folder), "utf8")).join("\n");
}

export const build = (sdl = text()) => buildSchema(sdl);
