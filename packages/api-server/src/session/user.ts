import type { AccessSettings, DestinationCluster, RepositoryEntry } from '@plumbline/settings';
import type { Request } from 'express';

/** Who calls. */
export interface User {
  /** Of an account, of the identity provider's user, `proj:<project>:<role>`, or '' where anonymous callers are let in. */
  username: string;
  issuer: string;
  groups: readonly string[];
  /** Seconds since the epoch at which the token ends; 0 is never. */
  expiresAt: number;
  /** Seconds since the epoch at which the token was issued; absent for nobody. */
  issuedAt?: number;
  /** Of the token; '' where it has none. */
  tokenId: string;
  /** Whether the token is of a log-in: it can be renewed. */
  login: boolean;
}

/** The caller of a request; undefined without a token. Throws when a token is there and is not good. */
export type Authenticate = (request: Pick<Request, 'headers'>) => Promise<User | undefined>;

/** What the settings say about accounts and policies, and the key of the tokens. Read at each use: it may change. */
export interface AccountSettings {
  access(): AccessSettings;
  /** Called after every change. Returns how to stop. */
  onChange(listener: () => void): () => void;
  repositories(): readonly RepositoryEntry[];
  clusters(): readonly DestinationCluster[];
  /** Text of `server.secretkey`, the HMAC key of the tokens. */
  secretKey(): string;
}
