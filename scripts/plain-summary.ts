import type { Reporter, TestModule } from "vitest/node";

/** Ends the output with one plain line, `N passed, N failed, N skipped`, for whatever reads the log by machine. */
export default class PlainSummary implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
    const count = (state: string) => states.filter((each) => each === state).length;
    // A file that could not be collected, or an error outside a test, fails the run and has no test to be counted by.
    const broken = modules.filter((module) => module.state() === "failed" && module.children.size === 0).length + errors.length;
    // After the runner's own summary, which is written when this hook has returned.
    process.once("exit", () => console.log(`${count("passed")} passed, ${count("failed") + broken} failed, ${count("skipped")} skipped`));
  }
}
