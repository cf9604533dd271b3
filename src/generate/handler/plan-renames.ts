import { readFile } from "node:fs/promises";
import type { PlannedFile } from "../files/plan.js";
import { ownPath } from "../files/safe-path.js";
import type { HandlerRecord } from "./handler-record.js";
import type { HandledUseCase } from "./plan-handlers.js";

/**
 * A use case whose handler is not there, and a handler whose use case is not there: if both are the same but for their
 * names, and no others are, the use case has been renamed, and its handler and test move along. So they do where `out`
 * has been changed.
 */
export async function planRenames(options: {
  readonly root: string;
  readonly planned: readonly PlannedFile[];
  /** Use cases by the path of their handler. */
  readonly useCases: ReadonlyMap<string, HandledUseCase>;
  readonly known: ReadonlyMap<string, HandlerRecord>;
}): Promise<readonly PlannedFile[]> {
  const { root, useCases, known } = options;
  const lost = [...known].filter(([path]) => !useCases.has(path));
  if (lost.length === 0) return options.planned;
  const fresh = options.planned.flatMap(({ path, status }) => {
    const handled = status === "create" ? useCases.get(path) : undefined;
    return handled === undefined ? [] : [{ path, name: handled.record.useCase, outline: handled.record.outline }];
  });

  const whereItWas = (name: string, outline: string) => {
    // `out` leads elsewhere now.
    const same = lost.find(([, record]) => record.useCase === name);
    const [alike, ...others] = lost.filter(([, record]) => record.outline === outline);
    return same ?? (others.length > 0 || fresh.filter((each) => each.outline === outline).length > 1 ? undefined : alike);
  };

  const moved = new Map<string, PlannedFile["from"] & { readonly after: string }>();
  const dropped = new Set<string>();
  for (const { path, name, outline } of fresh) {
    const from = whereItWas(name, outline);
    if (from === undefined) continue;
    const [oldPath, { useCase: oldName }] = from;
    for (const suffix of [".handler.ts", ".test.ts"]) {
      const [old, now] = [oldPath, path].map((each) => each.replace(/\.handler\.ts$/, suffix)) as [string, string];
      const target = await ownPath(root, old);
      const before = await textOf(target);
      if (before === undefined) {
        if (suffix === ".handler.ts") break;
        // It was not there before; a new one would be no companion.
        dropped.add(now);
        continue;
      }
      const { renameInHandler } = await import("./rename-handler.js");
      moved.set(now, {
        path: old,
        target,
        before,
        after: oldName === name ? before : renameInHandler(before, oldName, name),
      });
    }
  }
  return options.planned.flatMap((file): PlannedFile[] => {
    const move = moved.get(file.path);
    if (move === undefined || file.status !== "create") return dropped.has(file.path) ? [] : [file];
    const { after, ...from } = move;
    return [{ ...file, status: "move", after, from }];
  });
}

/** Undefined where there is no file, or one that would not survive being written again. */
async function textOf(target: string): Promise<string | undefined> {
  try {
    const bytes = await readFile(target);
    const text = bytes.toString();
    return Buffer.from(text).equals(bytes) ? text : undefined;
  } catch {
    return undefined;
  }
}
