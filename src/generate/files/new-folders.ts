import { existsSync, mkdirSync, renameSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** A folder that is not there, and neither is it above another one that is. */
export interface NewFolder {
  /** Absolute. */
  readonly target: string;
  /** Relative to the staging folder. */
  readonly staged: string;
}

/** Where a new file is staged, relative to the staging folder. */
interface Place {
  readonly path: string;
  /** What it comes into place with. */
  readonly newFolder?: NewFolder;
}

export type NewFolders = ReturnType<typeof createNewFolders>;

/** Stages what goes into folders that are not there as it will be there: one rename then puts all of it into place. */
export function createNewFolders(staging: string) {
  const places = new Map<string, Place>();
  const found: NewFolder[] = [];

  const placeOfFolder = (target: string, name: string): Place => {
    const known = places.get(target);
    if (known !== undefined) return known;
    const place = look(target, name);
    if (place.path !== "") mkdirSync(join(staging, place.path));
    places.set(target, place);
    return place;
  };
  const look = (target: string, name: string): Place => {
    const { path, newFolder } = dirname(target) === target ? asItIs : placeOfFolder(dirname(target), name);
    if (newFolder !== undefined) return { path: join(path, basename(target)), newFolder };
    if (existsSync(target)) return asItIs;
    const top = { target, staged: name };
    found.push(top);
    return { path: name, newFolder: top };
  };
  return {
    /** @param name of its own in the staging folder */
    placeOf(target: string, name: string): Place {
      const { path, newFolder } = placeOfFolder(dirname(target), name);
      return newFolder === undefined ? { path: name } : { path: join(path, basename(target)), newFolder };
    },
    /** Returns those that could be moved: others are there meanwhile, or on another file system. */
    move(): ReadonlySet<NewFolder> {
      return new Set(found.filter(({ target, staged }) => isMoved(join(staging, staged), target)));
    },
  };
}

const asItIs: Place = { path: "" };

function isMoved(staged: string, target: string): boolean {
  try {
    renameSync(staged, target);
    return true;
  } catch {
    return false;
  }
}
