import { expect, test } from "vitest";
import { createImports, naturalOrder } from "./imports.js";

test("names are sorted as Biome sorts them", () => {
  const biome = ["_x", "$y", "Ac", "a", "a_b", "a1", "aB", "ab", "aC", "b2", "b10", "I18n", "RowOf", "repository", "rowOf", "Z"];
  expect([...biome].reverse().sort(naturalOrder)).toEqual(biome);
});

test("one declaration for each module, packages first", () => {
  const imports = createImports(new Set());
  imports.value("./a.gen.js", "z");
  imports.type("../b.gen.js", "B");
  imports.type("../../b.gen.js", "C");
  imports.type("usecasecore/validation", "V");
  imports.type("usecasecore", "Check");
  imports.value("usecasecore", "bindHandler");
  imports.type("usecasecore", "bindHandler");
  expect(imports.print()).toEqual([
    'import { bindHandler, type Check } from "usecasecore";',
    'import type { V } from "usecasecore/validation";',
    'import type { C } from "../../b.gen.js";',
    'import type { B } from "../b.gen.js";',
    'import { z } from "./a.gen.js";',
  ]);
});

test("a name that is taken is imported under another", () => {
  const imports = createImports(new Set(["Repository", "decimal"]));
  expect(imports.type("usecasecore", "Repository")).toBe("ImportedRepository");
  expect(imports.type("usecasecore", "Repository")).toBe("ImportedRepository");
  expect(imports.value("usecasecore/expression", "decimal")).toBe("importedDecimal");
  expect(imports.type("./types.js", "Repository")).toBe("ImportedImportedRepository");
  expect(imports.print()[0]).toBe('import type { Repository as ImportedRepository } from "usecasecore";');
});

test("breaks a long declaration, but never a single name", () => {
  const imports = createImports(new Set());
  for (const letter of "abcd") imports.type("m", letter.repeat(40));
  imports.type("n", "e".repeat(150));
  const [broken, single] = imports.print();
  expect(broken?.split("\n")).toHaveLength(6);
  expect(single).not.toContain("\n");
});
