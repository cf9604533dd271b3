// Names of variables and helpers in emitted code, none of which may hide another.

export interface LocalNames {
  /** What is to be imported from `usecasecore/expression`: `sum`, or `sum as sum_` where a load is called `sum`. */
  readonly imports: ReadonlySet<string>;
  /** The name under which a helper is known in the code. */
  readonly helper: (name: string) => string;
  /** The name of a variable of the expression in the code. */
  readonly local: (name: string) => string;
  /** Runs the body with a variable of the expression in scope. */
  readonly within: <Value>(name: string, body: () => Value) => Value;
  /** The same with a variable that the expression does not have: `item`, or `item2`. */
  readonly withFresh: <Value>(name: string, body: (name: string) => Value) => Value;
}

/** @param roots the variables of the use case that the code names */
export function createNames(roots: ReadonlySet<string>): LocalNames {
  const imports = new Set<string>();
  const open: string[] = [];
  const helper = (name: string): string => {
    const alias = roots.has(name) ? `${name}_` : name;
    imports.add(alias === name ? name : `${name} as ${alias}`);
    return alias;
  };
  return {
    imports,
    helper,
    local: (name) => (unsafe.has(name) ? `${name}_` : name),
    within(name, body) {
      open.push(name);
      try {
        return body();
      } finally {
        open.pop();
      }
    },
    withFresh(wanted, body) {
      let name = wanted;
      for (let count = 2; roots.has(name) || open.includes(name); count++) name = `${wanted}${count}`;
      return this.within(name, () => body(name));
    },
  };
}

/** Words of JavaScript, the globals and helpers that emitted code uses: a variable of that name would hide them. */
const unsafe: ReadonlySet<string> = new Set([
  ..."arguments await case catch class debugger default delete do enum eval export extends finally implements instanceof interface".split(
    " ",
  ),
  ..."new private protected public static super switch this throw try typeof undefined with yield NaN Infinity".split(" "),
  ..."Math Date String Number BigInt Boolean RegExp Map Set Object Array JSON".split(" "),
  ..."bigint bool claim booleanClaim numberClaim stringClaim decimal double duration elementOf entryOf inZone int isUnique jsonMember".split(
    " ",
  ),
  ..."lowerAscii present quotient remainder size startOfDay string substring sum sumOfBigints sumOfDecimals timestamp upperAscii whenPresent".split(
    " ",
  ),
]);
