/** The text of the generated module that holds the compiled kernel. */
export function kernelModule(): Promise<string>;
