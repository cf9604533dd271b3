import type { Finding } from "../spec/finding.js";
import type { SpecPath } from "../spec/model.js";

/** A finding that has its lines but not yet its fingerprint. */
export type PlacedFinding = Omit<Finding, "fingerprint"> & { readonly specPath: SpecPath };
