import { InvalidArgumentError } from "commander";

/** Reads an option that is a whole number from 0. */
export function countOption(value: string): number {
  if (/^\d+$/.test(value)) return Number(value);
  throw new InvalidArgumentError("It is a whole number from 0.");
}
