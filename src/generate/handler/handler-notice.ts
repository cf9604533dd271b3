/** Something about a handler that only a person can do. Lines and columns count from 1. */
export interface HandlerNotice {
  /** Relative to the project's root, with `/`. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /**
   * missing  the member is not there, or perhaps not: its place is not certain, so it was not added
   * extra    the spec asks for it no longer
   * unseen   it has to be somewhere that cannot be looked at from this file
   * unread   the file has a syntax error, or is not in UTF-8
   * unused   no use case has this handler any more
   */
  readonly kind: "missing" | "extra" | "unseen" | "unread" | "unused";
  /** `checks.withinHours`, `result.count`: what it is about. */
  readonly places: readonly string[];
  /** The spec, relative to the project's root, with `/`; empty where there is none. */
  readonly spec: string;
  /** What to do, as a sentence. */
  readonly message: string;
}

export function noticeMessage({ kind, places, spec }: Omit<HandlerNotice, "message">): string {
  // Who adds a whole adds its parts.
  const wholes = places.filter((place) => !places.some((other) => place.startsWith(`${other}.`) || place.startsWith(`${other}[]`)));
  const list = wholes.join(", ");
  const them = wholes.length === 1 ? "it" : "them";
  switch (kind) {
    case "missing":
      return `${spec} asks for ${list}, and what stands here may hold ${them} or not: see to ${them} by hand.`;
    case "extra":
      return `${spec} asks for ${list} no longer: remove ${them}.`;
    case "unseen":
      return `${spec} now asks for ${list}, which this file takes from elsewhere: add ${them} there.`;
    case "unread":
      return "The file has a syntax error or is not in UTF-8: it was not compared with its spec.";
    case "unused":
      return "No use case has this handler any more; it is yours, and kept.";
  }
}
