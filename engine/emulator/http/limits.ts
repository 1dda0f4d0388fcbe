import { nowMs } from "../clock.ts";
import { numberOf } from "../store/database.ts";
import type { Exchange } from "./exchange.ts";
import { json, type Reply } from "./reply.ts";

export const DAILY_API_REQUESTS = 15_000;

/** Limits of a developer org, in the recorded order. Nested ones hold a map per connected app. */
const LIMITS: Readonly<Record<string, number>> = {
  AnalyticsExternalDataSizeMB: 40960,
  ConcurrentAsyncGetReportInstances: 200,
  ConcurrentSyncReportRuns: 20,
  DailyAnalyticsDataflowJobExecutions: 60,
  DailyApiRequests: DAILY_API_REQUESTS,
  DailyAsyncApexExecutions: 250000,
  DailyBulkApiBatches: 15000,
  DailyBulkV2QueryFileStorageMB: 976562,
  DailyBulkV2QueryJobs: 10000,
  DailyDurableGenericStreamingApiEvents: 10000,
  DailyDurableStreamingApiEvents: 10000,
  DailyGenericStreamingApiEvents: 10000,
  DailyStandardVolumePlatformEvents: 10000,
  DailyStreamingApiEvents: 10000,
  DailyWorkflowEmails: 405,
  DataStorageMB: 45,
  DurableStreamingApiConcurrentClients: 20,
  FileStorageMB: 20,
  HourlyAsyncReportRuns: 1200,
  HourlyDashboardRefreshes: 200,
  HourlyDashboardResults: 5000,
  HourlyODataCallout: 1000,
  HourlyPublishedPlatformEvents: 50000,
  HourlySyncReportRuns: 500,
  HourlyTimeBasedWorkflow: 50,
  MassEmail: 10,
  PermissionSets: 1500,
  SingleEmail: 15,
  StreamingApiConcurrentClients: 20,
};

const NESTED = new Set([
  "DailyApiRequests",
  "DailyBulkApiBatches",
  "DailyGenericStreamingApiEvents",
  "DailyStreamingApiEvents",
]);
const APPS = ["Ant Migration Tool", "Dataloader Bulk", "Dataloader Partner", "Workbench"];

/** `GET /limits`. Requests, batches and query jobs are counted, everything else is full. */
export function limits({ org }: Exchange, apiCalls: number): Reply {
  const dayAgo = nowMs() - 24 * 60 * 60 * 1000;
  const used = (sql: string): number =>
    numberOf(org.db.get(`${sql} AND created_ms > ?`, dayAgo) ?? {}, "n");
  // One batch per 10,000 rows of a job, and one empty parent batch.
  const batches = used(
    "SELECT coalesce(sum(1 + (processed + 9999) / 10000), 0) AS n FROM jobs WHERE kind = 'ingest' AND state <> 'Open'",
  );
  const usedOf: Readonly<Record<string, number>> = {
    DailyApiRequests: apiCalls,
    DailyBulkApiBatches: batches,
    DailyBulkV2QueryJobs: used("SELECT count(*) AS n FROM jobs WHERE kind = 'query'"),
  };
  const apps = Object.fromEntries(APPS.map((app) => [app, { Max: 0, Remaining: 0 }]));
  const entries = Object.entries(LIMITS).map(([name, max]) => [
    name,
    {
      Max: max,
      Remaining: Math.max(0, max - (usedOf[name] ?? 0)),
      ...(NESTED.has(name) ? apps : {}),
    },
  ]);
  return json(200, Object.fromEntries(entries));
}
