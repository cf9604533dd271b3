import type { SpecPlace } from "../spec/finding.js";
import type { Located, Severity } from "../spec/model.js";
import type { MachineContext, ProjectContext, UseCaseContext } from "./context.js";

/** What a rule says of one place; lint adds the rule's id and severity, and looks up the lines. */
export interface Report {
  /** A node of the model: it belongs to the file of the use case or machine unless it says otherwise. Or an exact place. */
  readonly at: Located | SpecPlace;
  /** Whether the key or the value of `at` is meant; default the value. */
  readonly on?: "key" | "value";
  /** Some characters of the value only. */
  readonly span?: { readonly start: number; readonly end: number };
  /** One sentence: what was expected and what was found. */
  readonly message: string;
  /** What to do about it, where the message does not already say so. */
  readonly help?: string;
  /** The nearest names, best first. */
  readonly suggestions?: readonly string[];
  readonly related?: readonly { readonly message: string; readonly at: Located | SpecPlace }[];
}

/** Takes what a rule finds. */
export type OnReport = (report: Report) => void;

/**
 * A small project that shows a rule. `spec` holds the parts of a use case that matter; the others come from a valid
 * one. In a `bad` example each line that must be found ends in `# found here`.
 */
export interface RuleExample {
  readonly spec?: string;
  /** Top-level keys that this use case lacks. */
  readonly without?: readonly string[];
  /** Other files by name, e.g. `order.machine.yaml`. */
  readonly files?: Readonly<Record<string, string>>;
}

interface RuleDescription {
  /** `group/what-is-wrong` */
  readonly id: string;
  readonly severity: Severity;
  /** One line for a list of rules: what it finds. */
  readonly summary: string;
  /** What goes wrong where the rule is not kept. */
  readonly why: string;
  readonly bad: RuleExample;
  readonly good: RuleExample;
  /** What is generated would be wrong or would not compile: the rule can be neither switched off nor suppressed. */
  readonly required?: true;
  /** It judges what stands there, never what is missing: so it also looks at what is sound of a file with mistakes. */
  readonly local?: true;
}

/**
 * What a rule wants to know of every use case. It is kept between runs: after a change of one file, a rule over all use
 * cases reads one of them and what was gathered of the others.
 */
export interface Gatherer<Fact> {
  /** Names it among all others. */
  readonly id: string;
  /** Plain data, as JSON keeps it; undefined where there is nothing to know. */
  of(context: UseCaseContext): Fact | undefined;
}

export interface Gathered<Fact> {
  /** Of the use case. */
  readonly file: string;
  readonly name: string;
  readonly fact: Fact;
}

export type GatheredBy<G> = G extends Gatherer<infer Fact> ? Fact : never;

/**
 * One rule. To add one: a file in `rules/` named after its id and a line in `registry.ts`.
 * One mistake is one finding: where something that a rule needs is unknown, another rule says so and this one is silent.
 */
export type Rule<Fact = unknown> = RuleDescription &
  (
    | { readonly subject: "use case"; check(context: UseCaseContext, report: OnReport): void }
    | { readonly subject: "machine"; check(context: MachineContext, report: OnReport): void }
    | {
        readonly subject: "project";
        /** What a use case is held to by itself. */
        checkUseCase?(context: UseCaseContext, report: OnReport): void;
        readonly gather?: Gatherer<Fact>;
        /** `facts`: what `gather` has gathered. Looking at the use cases themselves is for when there is something to report. */
        check(context: ProjectContext, report: OnReport, facts: readonly Gathered<Fact>[]): void;
      }
    /** Found while the files are read, or by lint itself; the rule describes it. */
    | { readonly subject: "files" }
  );
