import type * as Undici from "undici";
// @ts-expect-error: the package has types for its entry only.
import api from "undici/lib/api/index.js";
// @ts-expect-error: as above.
import agent from "undici/lib/dispatcher/agent.js";
// @ts-expect-error: as above.
import dispatcher from "undici/lib/dispatcher/dispatcher.js";
// @ts-expect-error: as above.
import proxyAgent from "undici/lib/dispatcher/env-http-proxy-agent.js";

// undici's entry loads fetch, mocks and caches, and through its cookies Node's own copy of undici: a
// third of what a start cost. These are the parts that send a request, put together as the entry does.
Object.assign(dispatcher.prototype, api);

export type Agent = Undici.Agent;
export const Agent: typeof Undici.Agent = agent;
export const EnvHttpProxyAgent: typeof Undici.EnvHttpProxyAgent = proxyAgent;
