import type { Node } from "yaml";
import type { JsonValue, SpecPath } from "../model.js";
import type { Cut } from "./cut-faults.js";
import type { TextFault } from "./text-fault.js";

/** A file as read: its text, its nodes with their places, its value. */
export interface YamlDocument {
  /** Relative to the project's root, with `/`. */
  readonly file: string;
  /** Without a byte order mark. */
  readonly text: string;
  /** Undefined where the text is no YAML at all. */
  readonly root: Node | undefined;
  /** What each alias stands for. */
  readonly aliases: ReadonlyMap<Node, Node>;
  /** The plain value; undefined where the text cannot be relied upon. Mappings have no prototype. */
  readonly value: JsonValue | undefined;
  /** Every number is written the way JavaScript writes it, so that nobody needs to look at the text. */
  readonly canonicalNumbers?: true;
  readonly faults: readonly TextFault[];
  /** What root and value do without, because it is not readable. */
  readonly cuts?: readonly Cut[];
  /** Where a fault has spoilt the value, so that nothing else is said about it. */
  readonly doubtful: readonly SpecPath[];
}
