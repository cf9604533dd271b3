/** What the manifest keeps of a handler file. */
export interface HandlerRecord {
  readonly useCase: string;
  /** Names what the use case is apart from its name, so that it is known again under another. */
  readonly outline: string;
  /** What its spec asked of it when it was last in step: `checks.withinHours`, `result.note?`. */
  readonly members: readonly string[];
}

export function isHandlerRecord(value: unknown): value is HandlerRecord {
  return (
    typeof value === "object" &&
    value !== null &&
    "useCase" in value &&
    typeof value.useCase === "string" &&
    "outline" in value &&
    typeof value.outline === "string" &&
    "members" in value &&
    Array.isArray(value.members) &&
    value.members.every((each) => typeof each === "string")
  );
}
