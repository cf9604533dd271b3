/** A file as an emitter made it; nothing is on disk yet. */
export interface EmittedFile {
  /** Relative to the project's root, with `/`. */
  readonly path: string;
  readonly text: string;
  /** `generated` files are ours and overwritten; `scaffold` files are the user's and written only where there is none. */
  readonly kind: "generated" | "scaffold";
  /** The emitter that made it: `use-case`. */
  readonly emitter: string;
  /** A scaffold's companion, by path: where that one is there already, this one is not written either. */
  readonly with?: string;
  /** The files of the user in place of our templates, where there are some: what they make is checked. */
  readonly overrides?: readonly string[];
}

/** A file that an emitter would make as it is on disk. */
export type KeptFile = Omit<EmittedFile, "text">;
