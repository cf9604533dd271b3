// Names of variables and helpers in emitted code, none of which may hide another.

/** The names of one expression's code. */
export class LocalNames {
  readonly #roots: ReadonlySet<string>;
  readonly #open: string[] = [];
  #imports: Set<string> | undefined;

  /** @param roots the variables of the use case that the code names */
  constructor(roots: ReadonlySet<string>) {
    this.#roots = roots;
  }

  /** What is to be imported from `usecasecore/expression`: `sum`, or `sum as sum_` where a load is called `sum`. */
  get imports(): ReadonlySet<string> {
    return this.#imports ?? nothing;
  }

  /** The name under which a helper is known in the code. */
  readonly helper = (name: string): string => {
    const alias = this.#roots.has(name) ? `${name}_` : name;
    this.#imports ??= new Set();
    this.#imports.add(alias === name ? name : `${name} as ${alias}`);
    return alias;
  };

  /** The name of a variable of the expression in the code. */
  local(name: string): string {
    return unsafe.has(name) ? `${name}_` : name;
  }

  /** Runs the body with a variable of the expression in scope. */
  within<Value>(name: string, body: () => Value): Value {
    this.#open.push(name);
    try {
      return body();
    } finally {
      this.#open.pop();
    }
  }

  /** The same with a variable that the expression does not have: `item`, or `item2`. */
  withFresh<Value>(wanted: string, body: (name: string) => Value): Value {
    let name = wanted;
    for (let count = 2; this.#roots.has(name) || this.#open.includes(name); count++) name = `${wanted}${count}`;
    return this.within(name, () => body(name));
  }
}

const nothing: ReadonlySet<string> = new Set();

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
