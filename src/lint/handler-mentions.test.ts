import { expect, test } from "vitest";
import { passesOn } from "./handler-mentions.js";

test.each<readonly [string, boolean]>([
  ["apply({ command, writes }): Outcome {\n  return command.id;\n}", false],
  ["apply({ command, state: { order }, now }): Outcome {\n  return { result: { id: command.id } };\n}", false],
  ["checks: { open: ({ command, now }) => command.at > now },\n apply({ command }) {\n  return command?.id;\n}", false],
  ["// the command decides\napply({ writes }) {\n  writes.orders.insert({});\n}", false],
  ["apply({ command }) {\n  return decide(command);\n}", true],
  ["apply({ command }) {\n  return { ...command };\n}", true],
  ["apply({ command }) {\n  const { id } = command;\n}", true],
  ["apply: (context) => decide(context.command)", true],
  ["apply: (context) => ({ result: { id: context.command.id } })", false],
])("%j", (source, expected) => {
  expect(passesOn("command", source)).toBe(expected);
});
