import { agentReporter } from "./agent.js";
import { compactReporter } from "./compact.js";
import { githubReporter } from "./github.js";
import { gitlabReporter } from "./gitlab.js";
import { jsonReporter } from "./json.js";
import { junitReporter } from "./junit.js";
import type { Reporter } from "./reporter.js";
import { sarifReporter } from "./sarif.js";
import { textReporter } from "./text.js";

/** Every form of `--format`, by name. */
export const reporters: readonly Reporter[] = [
  agentReporter,
  compactReporter,
  githubReporter,
  gitlabReporter,
  jsonReporter,
  junitReporter,
  sarifReporter,
  textReporter,
];
