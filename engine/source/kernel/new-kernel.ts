import { KERNEL_WASM } from "./kernel-wasm.generated.ts";

/** What the compiled kernel exports: see scan.as.ts, digest.as.ts and map.as.ts beside this file. */
export interface Kernel {
  setArrays(...addressesAndCapacities: number[]): void;
  setDialect(
    delimiter: number,
    quote: number,
    columns: number,
    comment: number,
    commentLength: number,
  ): void;
  scan(start: number, end: number, final: number, line: number, base: number): void;
  digest(start: number, end: number, out: number): void;
  setMapInput(...addresses: number[]): void;
  setMapOutput(...addresses: number[]): void;
  startMap(rows: number, columns: number, quote: number, gate: number): number;
  openRow(): number;
  dropRow(status: number): number;
  takeCell(end: number): number;
  readonly rowCount: { readonly value: number };
  readonly consumed: { readonly value: number };
  readonly lines: { readonly value: number };
}

/** The part of WebAssembly that is used here; the platform's types come with a browser's only. */
interface WebAssemblyApi {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: unknown };
  Memory: new (size: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
}

const PAGE_BYTES = 65_536;

/** Compiled when first needed; null where the platform has no WebAssembly with SIMD. */
let compiled: Compiled | null | undefined;

interface Compiled {
  readonly api: WebAssemblyApi;
  readonly module: object;
}

/** A kernel with a memory of its own, at least so large; null where it can't run. The memory never
 *  grows: views of it stay valid. */
export function newKernel(
  bytes: number,
): { readonly kernel: Kernel; readonly buffer: ArrayBuffer } | null {
  if (compiled === undefined) compiled = compile();
  if (compiled === null) return null;
  const { api, module } = compiled;
  const pages = Math.ceil(bytes / PAGE_BYTES);
  try {
    const memory = new api.Memory({ initial: pages, maximum: pages });
    const instance = new api.Instance(module, { env: { memory } });
    return { kernel: instance.exports as Kernel, buffer: memory.buffer };
  } catch {
    // The platform reserves far more addresses than are used; a limit on them may forbid that.
    return null;
  }
}

function compile(): Compiled | null {
  const api = (globalThis as { WebAssembly?: WebAssemblyApi }).WebAssembly;
  if (api === undefined) return null;
  try {
    return { api, module: new api.Module(Buffer.from(KERNEL_WASM, "base64")) };
  } catch {
    // A processor or a flag without SIMD: the twin does the same work, only slower.
    return null;
  }
}
