import { createHash } from 'node:crypto';
import type { Store } from '@plumbline/store';

/** A token by which a session was known before it was renewed, and its end in seconds since 1970. */
export interface EarlierToken {
  tokenId: string;
  expiresAt: number;
}

/** What a session can be renewed with. */
export interface RenewableSession {
  kind: 'renewable';
  /** `sub` of the ID token; another one is never taken in its place. */
  subject: string;
  refreshToken: string;
  /** Those that may still be valid. Not empty: the session was renewed. */
  earlier: readonly EarlierToken[];
}

/** A session that goes on under another ID token. */
export interface RenewedSession {
  kind: 'renewed';
  idToken: string;
}

export type KeptSession = RenewableSession | RenewedSession;

/** Sessions of the identity provider by the id of their token, sealed: what is kept holds credentials. */
export interface KeptSessions {
  find(tokenId: string): Promise<KeptSession | undefined>;
  keep(tokenId: string, session: KeptSession, lifeSeconds: number): Promise<void>;
  forget(tokenId: string): Promise<void>;
}

const keyOf = (tokenId: string): string => `sso-session:${createHash('sha256').update(tokenId).digest('hex')}`;

/** {@link KeptSessions} that all API servers share. */
export function createKeptSessions({ sealed }: Pick<Store, 'sealed'>): KeptSessions {
  return {
    find: async (tokenId) => {
      const bytes = await sealed.get(keyOf(tokenId));
      return bytes && (JSON.parse(bytes.toString('utf8')) as KeptSession);
    },
    keep: async (tokenId, session, lifeSeconds) => {
      const life = Math.ceil(lifeSeconds);
      if (life > 0) await sealed.set(keyOf(tokenId), Buffer.from(JSON.stringify(session)), life);
    },
    forget: (tokenId) => sealed.delete(keyOf(tokenId)),
  };
}
