import { openSegment } from "./segment-file.ts";

/** The FLAG_* bits of a key's newest fingerprint; null when none of the segments has it. Oldest first. */
export function findPrint(files: readonly string[], key: Uint32Array): number | null {
  let found: number | null = null;
  for (const file of files) {
    const segment = openSegment(file);
    try {
      for (let group = 0; group < segment.groups; group++) {
        const { keys, flags, count } = segment.heads(group);
        for (let i = 0; i < count; i++) {
          if (keys[i * 4] !== key[0] || keys[i * 4 + 1] !== key[1]) continue;
          if (keys[i * 4 + 2] === key[2] && keys[i * 4 + 3] === key[3]) found = flags[i] ?? 0;
        }
      }
    } finally {
      segment.close();
    }
  }
  return found;
}
