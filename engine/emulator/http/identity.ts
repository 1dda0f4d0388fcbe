import { nowMs, salesforceTime } from "../clock.ts";
import { readId } from "../ids.ts";
import { textOf } from "../store/database.ts";
import type { Exchange } from "./exchange.ts";
import { json, notFound, type Reply } from "./reply.ts";

/** `GET /id/<org>/<user>`: the identity URL that the token answer names. */
export function identity(exchange: Exchange): Reply {
  const { org, baseUrl, params } = exchange;
  if (readId(params.org ?? "") !== org.orgId || readId(params.user ?? "") !== org.userId) {
    throw notFound();
  }
  const user = userRow(exchange);
  const username = textOf(user, "Username");
  return json(200, {
    id: `${baseUrl}/id/${org.orgId}/${org.userId}`,
    asserted_user: true,
    user_id: org.userId,
    organization_id: org.orgId,
    username,
    nick_name: textOf(user, "Alias"),
    display_name: textOf(user, "Name"),
    email: textOf(user, "Email"),
    email_verified: true,
    first_name: user.FirstName ?? null,
    last_name: textOf(user, "LastName"),
    timezone: textOf(user, "TimeZoneSidKey"),
    photos: photos(baseUrl),
    addr_street: null,
    addr_city: null,
    addr_state: null,
    addr_country: null,
    addr_zip: null,
    mobile_phone: null,
    mobile_phone_verified: false,
    is_lightning_login_user: false,
    status: { created_date: null, body: null },
    urls: urls(exchange),
    active: true,
    user_type: "STANDARD",
    language: "en_US",
    locale: "en_US",
    utcOffset: 0,
    last_modified_date: salesforceTime(nowMs()),
    is_app_installed: true,
  });
}

/** `GET /services/oauth2/userinfo`: the same facts under OpenID Connect names. */
export function userInfo(exchange: Exchange): Reply {
  const { org, baseUrl } = exchange;
  const user = userRow(exchange);
  return json(200, {
    sub: `${baseUrl}/id/${org.orgId}/${org.userId}`,
    user_id: org.userId,
    organization_id: org.orgId,
    preferred_username: textOf(user, "Username"),
    nickname: textOf(user, "Alias"),
    name: textOf(user, "Name"),
    email: textOf(user, "Email"),
    email_verified: true,
    given_name: user.FirstName ?? null,
    family_name: textOf(user, "LastName"),
    zoneinfo: textOf(user, "TimeZoneSidKey"),
    photos: photos(baseUrl),
    profile: `${baseUrl}/${org.userId}`,
    picture: photos(baseUrl).picture,
    address: {},
    urls: urls(exchange),
    active: true,
    user_type: "STANDARD",
    language: "en_US",
    locale: "en_US",
    utcOffset: 0,
    updated_at: salesforceTime(nowMs()),
    is_app_installed: true,
  });
}

function userRow({ org }: Exchange) {
  return org.db.get('SELECT * FROM "r_User" WHERE "Id" = ?', org.userId) ?? {};
}

function photos(baseUrl: string) {
  const base = `${baseUrl}/profilephoto/005`;
  return { picture: `${base}/F`, thumbnail: `${base}/T` };
}

function urls({ baseUrl, org }: Exchange): Record<string, string> {
  const data = `${baseUrl}/services/data/v{version}`;
  return {
    enterprise: `${baseUrl}/services/Soap/c/{version}/${org.orgId.slice(0, 15)}`,
    metadata: `${baseUrl}/services/Soap/m/{version}/${org.orgId.slice(0, 15)}`,
    partner: `${baseUrl}/services/Soap/u/{version}/${org.orgId.slice(0, 15)}`,
    rest: `${data}/`,
    sobjects: `${data}/sobjects/`,
    search: `${data}/search/`,
    query: `${data}/query/`,
    recent: `${data}/recent/`,
    tooling_soap: `${baseUrl}/services/Soap/T/{version}/${org.orgId.slice(0, 15)}`,
    tooling_rest: `${data}/tooling/`,
    profile: `${baseUrl}/${org.userId}`,
    custom_domain: baseUrl,
  };
}
