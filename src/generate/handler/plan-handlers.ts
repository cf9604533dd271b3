import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { UseCase } from "../../spec/model.js";
import type { PlannedFile } from "../files/plan.js";
import type { HandlerFinding } from "../sync-handler.js";
import { type HandlerNotice, noticeMessage } from "./handler-notice.js";
import type { HandlerRecord } from "./handler-record.js";

/** A use case that has a handler; `model` is asked only where that is looked into. */
export interface HandledUseCase {
  readonly record: HandlerRecord;
  model(): UseCase;
}

export interface HandlerPlan {
  readonly planned: readonly PlannedFile[];
  readonly notices: readonly HandlerNotice[];
  /** For the manifest, by path. */
  readonly records: ReadonlyMap<string, HandlerRecord>;
}

/**
 * Extends the handlers whose specs ask for something else than when they were last looked at. Where nothing has changed,
 * no file is parsed.
 */
export async function planHandlers(options: {
  readonly root: string;
  readonly planned: readonly PlannedFile[];
  /** By the path of their handler. */
  readonly useCases: ReadonlyMap<string, HandledUseCase>;
  readonly known: ReadonlyMap<string, HandlerRecord>;
}): Promise<HandlerPlan> {
  const { useCases, known } = options;
  const notices: HandlerNotice[] = [];
  const records = new Map<string, HandlerRecord>();
  const planned = await Promise.all(
    options.planned.map(async (file): Promise<PlannedFile> => {
      const handled = useCases.get(file.path);
      if (handled === undefined) return file;
      const [now, then] = [handled.record, known.get(file.path)];
      records.set(file.path, now);
      if (file.status === "create" || (then !== undefined && sameMembers(now, then))) return file;
      return synced(file.isKept ? await read(file) : file, handled.model(), now, then);
    }),
  );
  async function synced(file: PlannedFile, useCase: UseCase, now: HandlerRecord, then: HandlerRecord | undefined): Promise<PlannedFile> {
    if (file.before === undefined) return file;
    const { syncHandler, unread } = await import("../sync-handler.js");
    const { text, added, findings } = (await isText(file))
      ? syncHandler(useCase, file.path, file.before)
      : { text: file.before, added: [], findings: [unread(useCase, file.path)] };
    const open = findings.flatMap((finding) => noticeOf(finding, then));
    notices.push(...open);
    // As long as something is left to do by hand, the handler is looked at again.
    if (open.some(({ kind }) => kind !== "unseen")) {
      if (then === undefined) records.delete(file.path);
      else records.set(file.path, { ...now, members: then.members });
    }
    return text === file.before ? file : { ...file, status: "extend", after: text, added };
  }
  const moved = new Set(planned.map(({ from }) => from?.path));
  for (const [path, record] of known) {
    if (useCases.has(path) || moved.has(path) || !existsSync(join(options.root, path))) continue;
    // Kept, so that the handler is found again when the use case comes back under another name.
    records.set(path, record);
    const notice = { file: path, line: 1, column: 1, kind: "unused", places: [], spec: "" } as const;
    notices.push({ ...notice, message: noticeMessage(notice) });
  }
  return { planned, notices: notices.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line)), records };
}

function sameMembers(a: HandlerRecord, b: HandlerRecord): boolean {
  return a.members.length === b.members.length && a.members.every((each, index) => each === b.members[index]);
}

/** What cannot be looked at matters where it is new; a member too many, where it was asked for once. */
function noticeOf({ exact, ...notice }: HandlerFinding, then: HandlerRecord | undefined): readonly HandlerNotice[] {
  const asked = new Set(then?.members.map((each) => each.replace(/\?$/, "")));
  if (notice.kind === "extra") return exact || notice.places.some((place) => asked.has(place)) ? [notice] : [];
  if (notice.kind !== "unseen") return [notice];
  const places = then === undefined ? [] : notice.places.filter((place) => !asked.has(place));
  const fewer = { ...notice, places };
  return places.length === 0 ? [] : [{ ...fewer, message: noticeMessage(fewer) }];
}

async function read({ isKept: _, ...file }: PlannedFile): Promise<PlannedFile> {
  const text = await readFile(file.target, "utf8");
  return { ...file, before: text, after: text };
}

/** Bytes that are no UTF-8 would not survive being written again. */
async function isText({ before, target }: PlannedFile): Promise<boolean> {
  return before === undefined || !before.includes("\ufffd") || (await readFile(target)).equals(Buffer.from(before));
}
