import type { ErrorDeclaration, Message, Policy, SharedType } from "../model.js";
import type { Cursor } from "./cursor.js";

/** What the shared files declare, by name. */
export interface SharedDeclarations {
  readonly types: ReadonlyMap<string, SharedType>;
  readonly errors: ReadonlyMap<string, ErrorDeclaration>;
  readonly events: ReadonlyMap<string, Message>;
  readonly jobs: ReadonlyMap<string, Message>;
  /** Not built yet: a list may insert another one. */
  readonly policies: ReadonlyMap<string, Cursor>;
}

/** What a use case asks of the shared files; an unknown name is reported and gives nothing. */
export interface SharedLookup {
  error(at: Cursor): readonly ErrorDeclaration[];
  message(kind: Message["kind"], at: Cursor): readonly Message[];
  policies(at: Cursor): readonly Policy[];
}
