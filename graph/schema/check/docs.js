// Writes docs/api.md from the schema; `--check` refuses one that is not current.
import { readFileSync, writeFileSync } from "node:fs";
import { isEnumType, isInputObjectType, isInterfaceType, isIntrospectionType, isObjectType, isScalarType, isUnionType, valueFromASTUntyped } from "graphql";
import { build } from "./schema.js";

const page = new URL("../../../docs/api.md", import.meta.url);
const schema = build();

const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].filter(Boolean);
const isSpecified = (type) => isScalarType(type) && ["ID", "Int", "Float", "String", "Boolean"].includes(type.name);
const types = Object.values(schema.getTypeMap())
  .filter((type) => !isIntrospectionType(type) && !isSpecified(type) && !roots.includes(type))
  .sort((a, b) => a.name.localeCompare(b.name));

const cell = (text) => (text ?? "").replaceAll("\n- ", "<br>- ").replaceAll("\n\n", "<br>").replaceAll("\n", " ").replaceAll("|", "\\|");

// typeOf shows a type with a link to what it is made of.
function typeOf(type) {
  const name = type.toString().replace(/[[\]!]/g, "");
  const linked = types.some((known) => known.name === name);
  return linked ? type.toString().replace(name, `[${name}](#${name.toLowerCase()})`) : type.toString();
}

// says reads the directives of a field or argument: their arguments by name.
function says(definition, directive) {
  const given = (definition.astNode?.directives ?? []).filter((d) => d.name.value === directive);
  return given.map((d) => Object.fromEntries(d.arguments.map((a) => [a.name.value, valueFromASTUntyped(a.value)])));
}

const code = (text) => `\`${text}\``;
const range = ({ min, max, unit }) => `${min === undefined ? "up to" : `${min} to`} ${max} ${unit}`;

function needs({ permission, feature, when }) {
  const what = [permission && `permission ${code(permission)}`, feature && `plan feature ${code(feature)}`].filter(Boolean).join(" and ");
  return when ? `${what} if ${when}` : what;
}

// contract is what the directives say of a field, as lines of a cell.
function contract(field) {
  const open = [["forContacts", "contact tokens"], ["forIntegrations", "API keys that read nothing"]].filter(([name]) => says(field, name).length > 0);
  const lines = [
    ["Needs", says(field, "requires").map(needs).join("; ")],
    ["Rules", says(field, "rules").flatMap((d) => d.names.map(code)).join(", ")],
    ["Limit", says(field, "limit").map(range).join("")],
    ["Cost", says(field, "cost").map((d) => `${d.weight} more`).join("")],
    ["Open to", open.map(([, who]) => who).join(", ")],
  ];
  return lines.filter(([, text]) => text !== "").map(([name, text]) => `*${name}:* ${text}`);
}

const preset = (argument) => (argument.defaultValue === undefined ? "" : ` = ${JSON.stringify(argument.defaultValue)}`);
const argument = (a) => `\`${a.name}\`: ${typeOf(a.type)}${preset(a)}`;
const row = (name, type, text) => `| \`${name}\` | ${type} | ${cell(text)} |`;
const argumentText = (a) => [`${argument(a)} ${a.description ?? ""}`, ...contract(a)].join(" ");
const fieldText = (field) => [field.description, ...(field.args ?? []).map(argumentText), ...contract(field)].map(cell).join("<br>");

function table(rows) {
  return ["| | | |", "|---|---|---|", ...rows].join("\n");
}

function members(type) {
  if (isEnumType(type)) return table(type.getValues().map((value) => row(value.name, "", value.description)));
  if (isUnionType(type)) return `One of ${type.getTypes().map((member) => typeOf(member)).join(", ")}.`;
  if (isScalarType(type)) return "";
  return table(Object.values(type.getFields()).map((field) => row(field.name, typeOf(field.type) + preset(field), fieldText(field))));
}

function sort(type) {
  if (isEnumType(type)) return "enum";
  if (isUnionType(type)) return "union";
  if (isScalarType(type)) return "scalar";
  if (isInterfaceType(type)) return "interface";
  if (isInputObjectType(type)) return type.isOneOf ? "input, exactly one field" : "input";
  return isObjectType(type) && type.getInterfaces().length > 0 ? `type, is a ${type.getInterfaces().map(typeOf).join(", ")}` : "type";
}

const section = (type, level) => `${"#".repeat(level)} ${type.name}\n\n*${sort(type)}.* ${type.description ?? ""}\n\n${members(type)}\n`;

const text = [
  "# The API\n",
  "Made from `graph/schema` by `make api`; the descriptions are those that the playground shows.",
  "[behaviour.md](behaviour.md) says what each verb does, and the [README](../README.md) how to call it.\n",
  "The parts in italics are read from directives of the schema, which tests hold to the program: the permissions and plan features that a",
  "field needs, the settings that decide on it, limits, what it adds to the cost of an operation, and whether contact tokens and API keys",
  "that read nothing may select it. Members, AI agents and other API keys may select every field.\n",
  ...roots.map((type) => section(type, 2)),
  "## Types\n",
  ...types.map((type) => section(type, 3)),
].join("\n").replace(/\n{3,}/g, "\n\n");

if (!process.argv.includes("--check")) {
  writeFileSync(page, text);
} else if (readFileSync(page, "utf8") !== text) {
  console.error("docs/api.md is not what the schema says: run make api");
  process.exit(1);
}
