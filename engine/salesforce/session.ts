/** A login that works until the org says otherwise. */
export interface Login {
  readonly accessToken: string;
  /** The base of every request, as the last login gave it: it can change between logins. */
  readonly instanceUrl: string;
  /** Ends in /id/<org id>/<user id>; null where the flow gives none. */
  readonly identityUrl: string | null;
  /** Null where the flow does not tell. */
  readonly username: string | null;
}

/** The connection's login: made when first needed, shared by parallel requests, renewed once for all
 *  of them when the org ends it. */
export class Session {
  readonly #logIn: (again: boolean) => Promise<Login>;
  #login: Login | null = null;
  #pending: Promise<Login> | null = null;
  #loggedIn = false;

  constructor(logIn: (again: boolean) => Promise<Login>) {
    this.#logIn = logIn;
  }

  /** @throws EngineError AUTH_* when the org refuses. */
  async current(): Promise<Login> {
    if (this.#login !== null) return this.#login;
    // Whoever comes while a login is under way waits for that one.
    this.#pending ??= this.#start();
    return this.#pending;
  }

  /** Forgets a login that the org refused, unless a newer one has taken its place. */
  drop(login: Login): void {
    if (this.#login === login) this.#login = null;
  }

  async #start(): Promise<Login> {
    try {
      this.#login = await this.#logIn(this.#loggedIn);
      this.#loggedIn = true;
      return this.#login;
    } finally {
      this.#pending = null;
    }
  }
}
