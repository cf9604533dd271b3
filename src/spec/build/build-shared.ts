import type { Problem } from "../finding.js";
import type { ErrorDeclaration, Message, Policy, SharedType, SpecPath } from "../model.js";
import { nearest } from "../suggest.js";
import { buildError } from "./build-error.js";
import { buildMessage } from "./build-message.js";
import { buildPolicies } from "./build-policies.js";
import { buildType } from "./build-type.js";
import { type Cursor, child, type Entry, entries } from "./cursor.js";

/** A shared file and where it is not what the language says. */
export interface SharedSource {
  readonly at: Cursor;
  readonly damage: readonly SpecPath[];
}

/** What a use case asks of the shared files; an unknown name is reported and gives nothing. */
export interface SharedLookup {
  error(at: Cursor): readonly ErrorDeclaration[];
  message(kind: Message["kind"], at: Cursor): readonly Message[];
  policies(at: Cursor): readonly Policy[];
}

export interface Shared extends SharedLookup {
  readonly types: readonly SharedType[];
}

interface Declaration {
  readonly at: Entry;
  readonly damaged: boolean;
}

const sections = ["types", "errors", "events", "jobs", "policies"] as const;
type Section = (typeof sections)[number];

/**
 * What the shared files declare, by name. What is damaged is still known by its name, so that nobody who uses it is
 * told that it does not exist; if a whole file is damaged, nothing is reported as unknown.
 */
export function buildShared(sources: readonly SharedSource[], report: (problem: Problem) => void): Shared {
  const complete = sources.every(({ damage }) => !damage.some((path) => path.length < 2));
  const declarations = Object.fromEntries(sections.map((section) => [section, declared(section, sources, report)])) as Record<
    Section,
    ReadonlyMap<string, Declaration>
  >;

  const find = (section: Section, what: string, at: Cursor): Declaration | undefined => {
    const name = String(at.value);
    const declaration = declarations[section].get(name);
    if (declaration === undefined && complete) {
      const suggestions = nearest(name, declarations[section].keys());
      report({
        ruleId: "spec/unknown-reference",
        severity: "error",
        message: `No shared file declares ${what} "${name}".`,
        place: place(at),
        ...(suggestions.length > 0 ? { suggestions } : {}),
      });
    }
    return declaration;
  };

  const policies = (at: Cursor, inserting: readonly string[]): readonly Policy[] => {
    const name = String(at.value);
    if (inserting.includes(name)) {
      report({
        ruleId: "spec/schema",
        severity: "error",
        message: `The policies "${name}" insert themselves: ${[...inserting.slice(inserting.indexOf(name)), name].join(" → ")}.`,
        place: place(at),
      });
      return [];
    }
    const declaration = find("policies", "the policies", at);
    if (declaration === undefined || declaration.damaged) return [];
    return buildPolicies(declaration.at, (inner) => policies(inner, [...inserting, name]));
  };

  return {
    types: [...declarations.types].map(([name, declaration]) => ({
      path: declaration.at.path,
      name,
      file: declaration.at.document.file,
      type: declaration.damaged ? anything(declaration.at) : buildType(declaration.at),
    })),
    error(at) {
      const declaration = find("errors", "the error", at);
      if (declaration === undefined) return [];
      return [declaration.damaged ? placeholderError(declaration.at) : buildError(declaration.at)];
    },
    message(kind, at) {
      const declaration = kind === "event" ? find("events", "the event", at) : find("jobs", "the job", at);
      return declaration === undefined || declaration.damaged ? [] : [buildMessage(kind, declaration.at)];
    },
    policies: (at) => policies(at, []),
  };
}

/** The declarations of one section over all files; a name declared twice is reported at the second. */
function declared(
  section: Section,
  sources: readonly SharedSource[],
  report: (problem: Problem) => void,
): ReadonlyMap<string, Declaration> {
  const found = new Map<string, Declaration>();
  for (const { at, damage } of sources) {
    for (const declaration of entries(child(at, section))) {
      const { key: name } = declaration;
      const first = found.get(name);
      if (first !== undefined) {
        report({
          ruleId: "spec/duplicate",
          severity: "error",
          message: `"${name}" is declared twice among the shared ${section}.`,
          place: { ...place(declaration), on: "key" },
          related: [{ message: "The first one.", place: { ...place(first.at), on: "key" } }],
        });
        continue;
      }
      found.set(name, { at: declaration, damaged: damage.some((path) => path[0] === section && (path.length === 1 || path[1] === name)) });
    }
  }
  return found;
}

function place(at: Cursor): { readonly file: string; readonly path: SpecPath } {
  return { file: at.document.file, path: at.path };
}

function anything(at: Cursor): SharedType["type"] {
  return { kind: "scalar", name: "json", path: at.path, file: at.file, nullable: true, secret: false, keywords: {} };
}

function placeholderError({ path, file, key }: Entry): ErrorDeclaration {
  return { name: key, path, file, kind: "conflict", message: undefined, details: undefined, constraints: [] };
}
