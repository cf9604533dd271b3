/** What a call of a deadlock is given, as far as its command has it. */
export interface CaseCommand {
  readonly orderId: string;
  readonly customerId: string;
  readonly lineId: string;
  readonly letterId: string;
  readonly email: string;
}

/** Use cases that can wait for each other, and what becomes of them when what lint proposes is done. */
export interface DeadlockCase {
  readonly name: string;
  readonly bad: Readonly<Record<string, string>>;
  readonly good: Readonly<Record<string, string>>;
  /** The calls that run at once; the last one comes a little after the others where that matters. */
  readonly calls: readonly (readonly [useCase: string, ...command: (keyof CaseCommand)[]])[];
  readonly lastComesLate?: true;
  /** The one finding: rule, place, and the places that it names. */
  readonly found: string;
  readonly related: readonly string[];
  readonly help: RegExp;
  /** Refusals that say that the other call was first. */
  readonly refusals?: readonly string[];
}
