// Compiles the AssemblyScript kernel and writes it, as text, into a generated module: so the tests,
// the build and the package need neither the compiler nor a file beside the code.
//   node scripts/build-kernel.mjs           writes engine/source/kernel/kernel-wasm.generated.ts
//   node scripts/build-kernel.mjs --check   fails when that file is not what would be written
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const folder = fileURLToPath(new URL("../engine/source/kernel/", import.meta.url));
const target = new URL("../engine/source/kernel/kernel-wasm.generated.ts", import.meta.url);

/** The text of the generated module. */
export async function kernelModule() {
  let wasm = new Uint8Array();
  const { error, stderr } = await asc.main(
    [
      "scan.as.ts",
      "digest.as.ts",
      "map.as.ts",
      "--baseDir",
      folder,
      ...["--outFile", "kernel.wasm", "-O3", "--converge", "--noAssert"],
      ...["--runtime", "stub", "--importMemory", "--memoryBase", "16", "--use", "abort="],
      ...["--enable", "simd", "--enable", "bulk-memory"],
    ],
    {
      // Elsewhere TypeScript has no decorators for functions, so the sources say it in a comment.
      readFile(name, base) {
        const file = path.resolve(base, name);
        if (!existsSync(file)) return null;
        return readFileSync(file, "utf8").replace(/^\/\/ @inline$/gm, "@inline");
      },
      writeFile(name, content) {
        if (name.endsWith(".wasm")) wasm = content;
      },
    },
  );
  if (error) throw new Error(`${error.message}\n${stderr}`);
  const lines =
    Buffer.from(wasm)
      .toString("base64")
      .match(/.{1,96}/g) ?? [];
  return [
    "// Written by scripts/build-kernel.mjs from *.as.ts. Do not edit: `npm run generate:kernel`.",
    `/** The compiled kernel, ${wasm.length} bytes, as base64. */`,
    "export const KERNEL_WASM =",
    `${lines.map((line) => `  "${line}"`).join(" +\n")};`,
    "",
  ].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = await kernelModule();
  if (!process.argv.includes("--check")) {
    writeFileSync(target, text);
  } else if (readFileSync(target, "utf8") !== text) {
    console.error(
      "engine/source/kernel/kernel-wasm.generated.ts is stale. Run:\n    npm run generate:kernel",
    );
    process.exit(1);
  }
}
