import { compactReporter } from "./compact.js";
import { githubReporter } from "./github.js";
import { jsonReporter } from "./json.js";
import type { Reporter } from "./reporter.js";
import { textReporter } from "./text.js";

/** Every form of `--format`, by name. */
export const reporters: readonly Reporter[] = [compactReporter, githubReporter, jsonReporter, textReporter];
