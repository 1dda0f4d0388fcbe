import path from "node:path";

/** A file as a person in `cwd` would name it: relative, unless that leads far away. */
export function fileText(file: string, cwd: string): string {
  const relative = path.relative(cwd, file);
  return relative.startsWith(path.join("..", "..")) ? file : relative;
}
