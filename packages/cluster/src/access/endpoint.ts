/** What TLS needs to know, as Node's `tls.connect` names it. */
export interface TlsSettings {
  ca?: Buffer;
  cert?: Buffer | string;
  key?: Buffer | string;
  servername?: string;
  rejectUnauthorized?: boolean;
}

/** An API server and how to be let in. */
export interface Endpoint {
  /** Origin and path prefix, without a slash at the end. */
  server: string;
  tls: TlsSettings;
  proxyUrl?: string;
  /** The Authorization header's value. `renew`: what was handed out before has been refused. */
  authorization(renew: boolean): Promise<string | undefined>;
}

/** A header that never changes. */
export function fixedAuthorization(user: {
  token?: string | undefined;
  username?: string | undefined;
  password?: string | undefined;
}): Endpoint['authorization'] {
  const value = user.token
    ? `Bearer ${user.token}`
    : user.username
      ? `Basic ${Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64')}`
      : undefined;
  return () => Promise.resolve(value);
}

/** Asks `read` again after `lifetimeMs` or when a header was refused. */
export function renewedAuthorization(
  read: () => Promise<string | undefined>,
  { lifetimeMs, now = Date.now }: { lifetimeMs: number; now?: () => number },
): Endpoint['authorization'] {
  let value: Promise<string | undefined> | undefined;
  let readAt = 0;
  return (renew) => {
    if (value === undefined || renew || now() - readAt > lifetimeMs) {
      readAt = now();
      value = read().catch((error: unknown) => {
        value = undefined;
        throw error;
      });
    }
    return value;
  };
}
