import type { Request } from 'express';

/** Who calls. */
export interface User {
  username: string;
  issuer: string;
  /** Seconds since the epoch at which the token ends. */
  expiresAt: number;
}

/** The caller of a request; undefined without a valid token. Throws when a token is there and is not good. */
export type Authenticate = (request: Request) => Promise<User | undefined>;

/** What the settings say about the built-in administrator and the key of the tokens. Read at each use: it may change. */
export interface AccountSettings {
  admin(): {
    enabled: boolean;
    /** bcrypt. Undefined where none is set: nobody can log in. */
    passwordHash: string | undefined;
    /** Tokens older than this are refused. */
    passwordChangedAt: Date | undefined;
  };
  /** Text of `server.secretkey`, the HMAC key of the tokens. */
  secretKey(): string;
}
