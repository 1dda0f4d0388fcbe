import { existsSync, statfsSync } from "node:fs";
import path from "node:path";

/** Bytes that this user may still write to the file system on which `folder` is, or will be made. Null
 *  where the file system does not say: some of a network or of a program have no size. */
export function freeBytes(folder: string): number | null {
  let place = path.resolve(folder);
  while (!existsSync(place) && place !== path.dirname(place)) place = path.dirname(place);
  try {
    const { bavail, bsize, blocks } = statfsSync(place);
    return blocks === 0 ? null : bavail * bsize;
  } catch {
    return null;
  }
}
