// Generated from schemas/sync.config.schema.json by `npm run generate`. Change the schema, not this file.

/**
 * How Sluice signs in to the org. Secrets are written as references: ${env:NAME} or ${file:path}.
 */
export type AuthYaml =
  ClientCredentialsYaml | JwtBearerYaml | RefreshTokenYaml | AccessTokenYaml | SfCliYaml;

/**
 * sync.config.yaml: the orgs of a project, where its state is kept, and which sync specs belong to it.
 */
export interface ConfigYaml {
  /**
   * The version of this file's format. Always 1.
   */
  version: 1;
  /**
   * The org that syncs write to unless a spec's `org` or the flag --org names another. Default: the only org, when there is just one.
   */
  defaultOrg?: string;
  /**
   * The Salesforce orgs, by a name of your choice. State is kept apart per org.
   */
  orgs: {
    [k: string]: OrgYaml;
  };
  /**
   * Where Sluice keeps what it knows about finished and unfinished runs.
   */
  state?: {
    /**
     * Folder of the state, relative to this file. Keep it out of git. Default: .sluice.
     */
    path?: string;
  };
  /**
   * Glob patterns of the sync specs, relative to this file. Each pattern must match at least one file.
   *
   * @minItems 1
   */
  syncs: string[];
}
/**
 * One Salesforce org, or the local org inside Sluice.
 */
export interface OrgYaml {
  /**
   * true: a local org inside Sluice, for trying and testing; it needs no instanceUrl and no auth. Default: false.
   */
  emulator?: boolean;
  /**
   * The org's My Domain address. Not needed with the flow sfCli, which knows it.
   */
  instanceUrl?: string;
  /**
   * The version of the Salesforce API to speak. Default: "61.0".
   */
  apiVersion?: string | number;
  /**
   * true: applying to this org needs --approve or a saved plan. Default: false.
   */
  protected?: boolean;
  auth?: AuthYaml;
}
/**
 * A connected app signs in as itself. Needs the org's My Domain address.
 */
export interface ClientCredentialsYaml {
  /**
   * A connected app signs in as itself.
   */
  flow: "clientCredentials";
  /**
   * The connected app's consumer key.
   */
  clientId: string;
  /**
   * The connected app's consumer secret, as a reference.
   */
  clientSecret: string;
}
/**
 * A connected app signs in for a user with a private key.
 */
export interface JwtBearerYaml {
  /**
   * A connected app signs in for a user with a private key.
   */
  flow: "jwtBearer";
  /**
   * The connected app's consumer key.
   */
  clientId: string;
  /**
   * The user to act for; it must be pre-authorised for the connected app.
   */
  username: string;
  /**
   * The private key in PEM form, as a reference.
   */
  privateKey: string;
  /**
   * The `aud` claim. Default: https://test.salesforce.com for a sandbox's address, else https://login.salesforce.com.
   */
  audience?: string;
}
/**
 * A refresh token is exchanged for access tokens.
 */
export interface RefreshTokenYaml {
  /**
   * A refresh token is exchanged for access tokens.
   */
  flow: "refreshToken";
  /**
   * The connected app's consumer key.
   */
  clientId: string;
  /**
   * The connected app's consumer secret, as a reference; only where the app asks for it.
   */
  clientSecret?: string;
  /**
   * The refresh token, as a reference.
   */
  refreshToken: string;
}
/**
 * An access token that something else has fetched. When it expires, the run stops and can be resumed.
 */
export interface AccessTokenYaml {
  /**
   * An access token that something else has fetched.
   */
  flow: "accessToken";
  /**
   * The access token, as a reference.
   */
  accessToken: string;
}
/**
 * Reuses a login of the Salesforce CLI (`sf org login web`).
 */
export interface SfCliYaml {
  /**
   * Reuses a login of the Salesforce CLI.
   */
  flow: "sfCli";
  /**
   * The user name or alias that the Salesforce CLI knows.
   */
  username: string;
}
