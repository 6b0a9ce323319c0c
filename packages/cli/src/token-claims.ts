/** What a token says of itself; nothing where it is none of ours. Not verified: for people to read. */
interface TokenClaims {
  /** Who has made it: `argocd` for those of servers of ours. */
  iss?: string;
  sub?: string;
  jti?: string;
  /** Seconds since 1970. */
  iat?: number;
  exp?: number;
}

/** Reads the claims of a JSON web token. */
export function tokenClaims(token: string | undefined): TokenClaims {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token?.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return typeof claims === 'object' && claims !== null ? claims : {};
  } catch {
    return {};
  }
}

/** Seconds since 1970 as RFC 3339; `never` for none. */
export const instant = (seconds: number | undefined): string =>
  seconds ? new Date(seconds * 1000).toISOString().replace('.000Z', 'Z') : 'never';

/** A token that ends while a request travels has ended. */
const travelMs = 10_000;

/** Whether a token has ended, or is not there. One that does not say when it ends goes on. */
export function hasEnded(token: string | undefined, now: Date): boolean {
  const { exp } = tokenClaims(token);
  return token === undefined || (exp !== undefined && exp * 1000 - travelMs <= now.getTime());
}
