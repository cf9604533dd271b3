import type { Prompts } from "./prompts.js";

/** Answers questions from a list, as a person would: only with what is offered. An array is an answer to a choice of many. */
export function scriptedPrompts(answers: (string | boolean | readonly string[])[], asked: string[] = []): Prompts {
  const next = (message: string) => {
    asked.push(message);
    const answer = answers.shift();
    if (answer === undefined) throw new Error(`nobody answers "${message}"`);
    return answer;
  };
  return {
    async text({ message, validate }) {
      const answer = String(next(message));
      const fault = validate?.(answer);
      return fault === undefined ? answer : this.text({ message: fault, ...(validate !== undefined && { validate }) });
    },
    async select({ message, options }) {
      const answer = String(next(message));
      if (!options.some(({ value }) => value === answer))
        throw new Error(`"${answer}" is not offered: ${options.map(({ value }) => value)}`);
      return answer;
    },
    async multiselect({ message, options }) {
      const chosen = next(message) as readonly string[];
      const missing = chosen.find((answer) => !options.some(({ value }) => value === answer));
      if (missing !== undefined) throw new Error(`"${missing}" is not offered: ${options.map(({ value }) => value)}`);
      return chosen;
    },
    confirm: async ({ message }) => next(message) === true,
  };
}

export const noPrompts: Prompts = scriptedPrompts([]);
