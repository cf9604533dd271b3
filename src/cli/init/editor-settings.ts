import { join, relative, sep } from "node:path";
import { parseJsonWithComments } from "../../spec/config/json-with-comments.js";
import { schemaLocation } from "../schema-location.js";

/** Absolute folders: the one that is opened in the editor, and the package. */
export interface EditedProject {
  readonly repository: string;
  readonly root: string;
}

/**
 * VS Code's settings with the schemas of our files; undefined where they have `yaml.schemas` already, or cannot be read.
 * What stands there stays as it is, comments too: ours is put in front.
 */
export function withYamlSchemas(text: string | undefined, { repository, root }: EditedProject): string | undefined {
  const at = (path: string) => relative(repository, join(root, path)).split(sep).join("/");
  const schema = (name: "usecase" | "machine" | "shared" | "config") => schemaLocation(root, repository, name);
  const schemas = {
    [schema("usecase")]: at(`specs/**/*.usecase.yaml`),
    [schema("machine")]: at(`specs/**/*.machine.yaml`),
    [schema("shared")]: at(`specs/**/*.shared.yaml`),
    [schema("config")]: at("usecase.config.yaml"),
  };
  const entry = `"yaml.schemas": ${JSON.stringify(schemas, undefined, 2).replaceAll("\n", "\n  ")}`;
  if (text === undefined || text.trim() === "") return `{\n  ${entry}\n}\n`;
  const settings = parsed(text);
  const brace = text.indexOf("{");
  if (settings === undefined || brace === -1 || "yaml.schemas" in settings) return undefined;
  const comma = Object.keys(settings).length === 0 ? "" : ",";
  return `${text.slice(0, brace + 1)}\n  ${entry}${comma}${text.slice(brace + 1)}`;
}

function parsed(text: string): object | undefined {
  try {
    const value = parseJsonWithComments(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
