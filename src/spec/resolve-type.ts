import type { Project, SharedType, Type } from "./model.js";
import { oncePer } from "./once-per.js";

/**
 * What a type is, through the names of shared types. `nullable` and `secret` hold if either end says so, and keywords
 * beside a reference come over those of the shared type. Undefined for a name that nothing has, or that only leads
 * back to itself.
 */
export function resolveType(project: Pick<Project, "types">, type: Type): Exclude<Type, { kind: "reference" }> | undefined {
  if (type.kind !== "reference") return type;
  let resolved = type as Type;
  const seen = new Set<string>();
  while (resolved.kind === "reference") {
    const { name, nullable, secret, keywords }: Type & { name: string } = resolved;
    if (seen.has(name)) return undefined;
    seen.add(name);
    const shared = findType(project, name)?.type;
    if (shared === undefined) return undefined;
    const isPlain = !nullable && !secret && Object.keys(keywords).length === 0;
    resolved = isPlain
      ? shared
      : {
          ...shared,
          nullable: shared.nullable || nullable,
          secret: shared.secret || secret,
          keywords: { ...shared.keywords, ...keywords },
        };
  }
  return resolved;
}

export function findType({ types }: Pick<Project, "types">, name: string): SharedType | undefined {
  return typesByName(types).get(name);
}

const typesByName = oncePer(
  (types: Project["types"]): ReadonlyMap<string, SharedType> => new Map(types.toReversed().map((type) => [type.name, type])),
);
