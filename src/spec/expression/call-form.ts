import type { Code } from "./code.js";
import type { ValueType } from "./value-type.js";

/** What a function or method takes in one place. */
export interface Operand {
  /** In words, for messages. */
  readonly name: string;
  readonly accepts: (type: ValueType) => boolean;
  /** Only text that is written in the expression, not computed. */
  readonly written?: boolean;
  /** What is wrong with text that is written in the expression, if anything. */
  readonly inspect?: (text: string) => Complaint | undefined;
}

export interface Complaint {
  readonly message: string;
  readonly suggestions?: readonly string[];
}

/** One overload: what it takes (a method's receiver first), what it gives, how it is written in TypeScript. */
export interface CallForm {
  readonly takes: readonly Operand[];
  readonly gives: ValueType;
  /** `helper` gives the local name of a helper of `usecasecore/expression`. Instants come as `Date`, decimals as `Decimal`. */
  readonly code: (operands: readonly Code[], helper: (name: string) => string) => Code;
  /** Operands as they are held, not as `Date` and the like. */
  readonly asHeld?: boolean;
}
