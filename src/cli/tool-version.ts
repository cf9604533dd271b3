import { readFileSync } from "node:fs";
import { packageFile } from "../spec/package-file.js";

/** The version in our package.json. */
export function toolVersion(): string {
  const { version } = JSON.parse(readFileSync(packageFile("package.json"), "utf8")) as { readonly version: string };
  return version;
}
