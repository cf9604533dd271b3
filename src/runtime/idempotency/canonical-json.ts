/**
 * The canonical JSON of RFC 8785: members sorted by the UTF-16 units of their names, numbers as ECMAScript writes them, no white space. A value
 * that JSON leaves out (undefined) is left out.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((element) => canonicalJson(element ?? null)).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    if ("toJSON" in value && typeof value.toJSON === "function") return canonicalJson(value.toJSON());
    const fields = value as Readonly<Record<string, unknown>>;
    let members = "";
    // Sorted by units, not by locale: the order must be the same everywhere.
    for (const name of Object.keys(fields).sort()) {
      const member = fields[name];
      if (member !== undefined) members += `${members === "" ? "" : ","}${JSON.stringify(name)}:${canonicalJson(member)}`;
    }
    return `{${members}}`;
  }
  const text = JSON.stringify(value);
  if (text === undefined) throw new TypeError(`A ${typeof value} has no JSON.`);
  return text;
}
