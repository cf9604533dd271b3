import type { Machine, Project } from "./model.js";

export function findMachine({ machines }: Pick<Project, "machines">, name: string): Machine | undefined {
  return machines.find((machine) => machine.name === name);
}

/** From each state that allows the event to the state that follows, in the order of the machine's states. */
export function machineMoves({ states }: Machine, event: string): Readonly<Record<string, string>> {
  return Object.fromEntries(states.flatMap(({ name, on }) => on.filter((move) => move.event === event).map((move) => [name, move.target])));
}

/** Every event of the machine, sorted. */
export function machineEvents({ states }: Machine): readonly string[] {
  return [...new Set(states.flatMap(({ on }) => on.map(({ event }) => event)))].sort();
}
