// The same machine files, given to XState as they stand: the same states, events and transitions.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createMachine, getInitialSnapshot, getNextSnapshot, setup } from "xstate";
import { parse } from "yaml";
import { rules } from "../lint/registry.js";
import { buildMachine } from "./build/build-machine.js";
import { cursor } from "./build/cursor.js";
import { machineEvents, machineMoves } from "./machine-moves.js";
import { readSpec } from "./read-spec.js";

const sample = readFileSync(fileURLToPath(new URL("../../specs/order.machine.yaml", import.meta.url)), "utf8");

const everyForm = `
machine: Ticket
description: Every form that a machine has.
table: tickets
field: state
initial: new
states:
  new:
    description: Nobody has looked at it.
    on:
      assign: { target: in progress, description: Somebody takes it. }
      close.at-once: closed
      touch: new
  in progress: { on: { wait: { target: on-hold }, close.at-once: closed, touch: in progress } }
  on-hold: { on: { resume: in progress } }
  closed: { on: {} }
  GONE: { type: final }
`;

/** The machines of the rules' good examples, and of those bad ones whose mistake is another. */
const ofRules = rules.flatMap(({ id, good, bad }) =>
  [good, id.startsWith("transition/unknown") ? {} : bad].flatMap(({ files = {} }) =>
    Object.entries(files).flatMap(([name, text]) => (name.endsWith(".machine.yaml") ? [[`${id}, ${name}`, text] as const] : [])),
  ),
);

test.each<readonly [string, string]>([["the sample", sample], ["every form", everyForm], ...ofRules])("%s", (_, text) => {
  const spec = readSpec("machine", "a.machine.yaml", text);
  expect(spec.problems).toEqual([]);
  const ours = buildMachine(cursor(spec.document, false));
  const theirs = setup({}).createMachine(parse(text));
  expect(getInitialSnapshot(createMachine(parse(text))).value).toBe(ours.initial.name);
  expect(Object.keys(theirs.states)).toEqual(ours.states.map(({ name }) => name));
  expect(theirs.events.toSorted()).toEqual(machineEvents(ours));
  let moves = 0;
  for (const { name, final } of ours.states) {
    const snapshot = theirs.resolveState({ value: name });
    expect(snapshot.status).toBe(final ? "done" : "active");
    for (const event of machineEvents(ours)) {
      const target = machineMoves(ours, event)[name];
      expect(snapshot.can({ type: event }), `${name}, ${event}`).toBe(target !== undefined);
      expect(getNextSnapshot(theirs, snapshot, { type: event }).value).toBe(target ?? name);
      moves += 1;
    }
  }
  expect(moves).toBeGreaterThan(1);
});

test.each(["v1.0", ".new", "#new"])("%s means something else to XState, and is refused", (name) => {
  const { problems } = readSpec("machine", "a.machine.yaml", everyForm.replaceAll("on-hold", JSON.stringify(name)));
  expect(problems.map(({ ruleId }) => ruleId)).toContain("spec/schema");
});
