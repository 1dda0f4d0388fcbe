/** Waits for work that others share, such as a login: leaving it does not end it.
 *  @throws the signal's reason. */
export async function unlessAborted<T>(
  start: () => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  if (signal === undefined) return start();
  signal.throwIfAborted();
  let leave = () => {};
  const aborted = new Promise<never>((_, reject) => {
    leave = () => reject(signal.reason);
    signal.addEventListener("abort", leave, { once: true });
  });
  try {
    return await Promise.race([start(), aborted]);
  } finally {
    signal.removeEventListener("abort", leave);
  }
}

/** One signal for two. Released by hand, because AbortSignal.any leaves a trace in the connection's
 *  signal for each request of a process that runs for months. */
export function joinSignals(
  first: AbortSignal | undefined,
  second: AbortSignal | undefined,
): { readonly signal: AbortSignal | undefined; release(): void } {
  if (first === undefined || second === undefined) {
    return { signal: first ?? second, release: () => undefined };
  }
  const joined = new AbortController();
  const sources = [first, second];
  const follow = () => joined.abort(sources.find(({ aborted }) => aborted)?.reason);
  for (const source of sources) source.addEventListener("abort", follow);
  if (first.aborted || second.aborted) follow();
  return {
    signal: joined.signal,
    release: () => {
      for (const source of sources) source.removeEventListener("abort", follow);
    },
  };
}
