import { EngineError } from "../base/engine-error.ts";
import type { Emulator, EmulatorOptions } from "../emulator/emulator.ts";

/** Starts the local org. Throws LOCAL_ORG for a mistake in its files or its port. */
export async function startLocalOrg(options: EmulatorOptions): Promise<Emulator> {
  const { EmulatorStartError, startEmulator } = await import("../emulator/emulator.ts");
  try {
    return await startEmulator(options);
  } catch (cause) {
    if (!(cause instanceof EmulatorStartError)) throw cause;
    const isPort = cause.message.startsWith("listen") || /port/i.test(cause.message);
    throw new EngineError("LOCAL_ORG", `The local org can't start: ${cause.message}`, {
      hint: isPort
        ? "Choose another port, or 0 for any free one:\n    sluice emulator --port 0"
        : "Mend the named file. What may stand in it: examples/emulator/README.md",
      cause,
    });
  }
}
