/** `sluice runs | head` closes our stdout before we are done: that is no error, and a run that is at
 *  work goes on without its reader. */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
}
