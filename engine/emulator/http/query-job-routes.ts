import type { Exchange } from "./exchange.ts";
import { notFound, type Reply } from "./reply.ts";

export function createQueryJob(_exchange: Exchange): Reply {
  throw notFound();
}
export const listQueryJobs = createQueryJob;
export const readQueryJob = createQueryJob;
export const abortQueryJob = createQueryJob;
export const deleteQueryJob = createQueryJob;
export const readQueryResults = createQueryJob;
