import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { ToolError } from "../../spec/tool-error.js";

const scripts: Readonly<Record<string, string>> = {
  "usecase:generate": "usecase generate",
  "usecase:check": "usecase check",
};

/**
 * A package.json with our scripts; undefined where it has them already. Its indentation stays.
 * @throws ToolError when it is no JSON object
 */
export function withScripts(text: string): { readonly text: string; readonly added: readonly string[] } | undefined {
  const manifest = parsed(text);
  const known = typeof manifest["scripts"] === "object" && manifest["scripts"] !== null ? manifest["scripts"] : {};
  const added = Object.keys(scripts).filter((name) => !(name in known));
  if (added.length === 0) return undefined;
  const next = { ...manifest, scripts: { ...known, ...Object.fromEntries(added.map((name) => [name, scripts[name]])) } };
  const indent = /^[\t ]+(?=")/m.exec(text)?.[0] ?? "  ";
  const end = text.endsWith("\n") || text === "" ? "\n" : "";
  return { text: `${JSON.stringify(next, undefined, indent)}${end}`, added };
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text.replace(/^\ufeff/, ""));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new ToolError("usage", "package.json is not a JSON object.");
}

/** How a project's packages are installed, and how a script of it is run in CI. */
export interface PackageManager {
  readonly install: readonly string[];
  readonly run: string;
  /** The folder with the lock file, absolute: the root of a workspace. */
  readonly root: string;
}

const managers: readonly (readonly [lockFile: string, manager: string])[] = [
  ["package-lock.json", "npm"],
  ["pnpm-lock.yaml", "pnpm"],
  ["yarn.lock", "yarn"],
  ["bun.lock", "bun"],
  ["bun.lockb", "bun"],
];

/** By the nearest lock file, here or above; npm where there is none. */
export function findPackageManager(folder: string): PackageManager {
  for (let root = folder; ; root = dirname(root)) {
    const found = managers.find(([lockFile]) => existsSync(join(root, lockFile)))?.[1];
    if (found === "pnpm") return { install: ["corepack enable", "pnpm install --frozen-lockfile"], run: "pnpm run usecase:check", root };
    if (found === "yarn") return { install: ["corepack enable", "yarn install --immutable"], run: "yarn run usecase:check", root };
    if (found === "bun")
      return { install: ["npm install --global bun", "bun install --frozen-lockfile"], run: "bun run usecase:check", root };
    if (found !== undefined) return { install: ["npm ci"], run: "npm run usecase:check", root };
    if (existsSync(join(root, ".git")) || dirname(root) === root)
      return { install: ["npm install"], run: "npm run usecase:check", root: folder };
  }
}
