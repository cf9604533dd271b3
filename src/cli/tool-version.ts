import { readFileSync } from "node:fs";

/** The version in our package.json. */
export function toolVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { readonly version: string };
  return version;
}
