import type { Org } from "../org.ts";

export async function processQueryJob(
  _org: Org,
  _jobId: string,
  _signal: AbortSignal,
): Promise<void> {}
