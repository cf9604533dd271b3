import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { main } from "../main.js";
import { scriptedPrompts } from "../scripted-prompts.fixture.js";

async function usecase(...argv: readonly string[]) {
  const said = { out: "", err: "" };
  const stream = (name: "out" | "err") => ({
    isTTY: false,
    write(text: string) {
      said[name] += text;
      return true;
    },
  });
  const code = await main(argv, {
    stdout: stream("out"),
    stderr: stream("err"),
    stdin: { isTTY: false, read: async () => "" },
    env: {},
    cwd: process.cwd(),
    async writeFile() {},
    prompts: scriptedPrompts([]),
  });
  return { code, ...said };
}

/** What a bash offers for the last word. */
function offered(script: string, ...words: readonly string[]): readonly string[] {
  const line = `${script}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}) COMP_CWORD=${words.length - 1}\n_usecase\nprintf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr, status } = spawnSync("bash", ["--norc", "-c", line], { encoding: "utf8" });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  return stdout.trim().split("\n");
}

test("bash completes commands, options and their values", async () => {
  const { out: script } = await usecase("completion", "bash");
  expect(offered(script, "usecase", "li")).toEqual(["lint"]);
  expect(offered(script, "usecase", "help", "sca")).toEqual(["scaffold"]);
  expect(offered(script, "usecase", "lint", "--fi")).toEqual(["--fix"]);
  expect(offered(script, "usecase", "lint", "--format", "j")).toEqual(["json", "junit"]);
  expect(offered(script, "usecase", "generate", "--only", "use")).toEqual(["use-case"]);
  expect(offered(script, "usecase", "explain", "lock/order")).toContain("lock/order-cycle");
  // Files are bash's own affair.
  expect(offered(script, "usecase", "lint", "--config", "")).toEqual([""]);
});

test.each(["zsh", "fish"])("%s knows every command and option", async (shell) => {
  const { out: script } = await usecase("completion", shell);
  for (const word of ["scaffold", "completion", "max-warnings", "stdin-filename", "lock/order-cycle"]) expect(script).toContain(word);
  const file = join(mkdtempSync(join(tmpdir(), "usecase-completion-")), "script");
  writeFileSync(file, script);
  const { error, stderr, status } = spawnSync(shell, ["-n", file], { encoding: "utf8" });
  rmSync(dirname(file), { recursive: true });
  // Where there is no such shell, its grammar is not looked at.
  if (error === undefined) expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
});

test("another shell is refused with a suggestion", async () => {
  expect(await usecase("completion", "bsh")).toEqual({
    code: 2,
    out: "",
    err: 'error: There is no completion for "bsh".\nDid you mean bash?\n',
  });
});
