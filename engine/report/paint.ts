import pc from "picocolors";

/** Colours by meaning. Text stays readable without them: every sign has a symbol too. */
export interface Paint {
  readonly strong: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly change: (text: string) => string;
  readonly bad: (text: string) => string;
}

export function paintFor(color: boolean): Paint {
  const colors = pc.createColors(color);
  return {
    strong: colors.bold,
    dim: colors.dim,
    good: colors.green,
    change: colors.yellow,
    bad: colors.red,
  };
}
