import { existsSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { findPackageManager } from "./package-manifest.js";

/** A GitHub workflow that runs `usecase check`, and where it belongs: at the root of the repository. */
export function ciWorkflow(project: string): { readonly target: string; readonly text: string } {
  const repository = repositoryRoot(project);
  const { install, run, root } = findPackageManager(project);
  const from = (folder: string) => relative(repository, folder).split(sep).join("/");
  const at = (folder: string) => (from(folder) === "" ? "" : `\n        working-directory: ${JSON.stringify(from(folder))}`);
  const name = from(project) === "" ? "usecase.yml" : `usecase-${from(project).replace(/[^A-Za-z0-9]+/g, "-")}.yml`;
  const steps = [...install.map((command) => `      - run: ${command}${at(root)}`), `      - run: ${run}${at(project)}`];
  const text = `name: usecase
on: [push, pull_request]
permissions:
  contents: read
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with: { node-version: 22 }
${steps.join("\n")}
`;
  return { target: join(repository, ".github/workflows", name), text };
}

/** The folder of the git repository; without one, the project's own. */
export function repositoryRoot(project: string): string {
  for (let folder = project; ; folder = dirname(folder)) {
    if (existsSync(join(folder, ".git"))) return folder;
    if (dirname(folder) === folder) return project;
  }
}
