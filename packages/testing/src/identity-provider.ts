import { randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type Provider from 'oidc-provider';

const { createServer } = process.getBuiltinModule('node:http');

/** A certified OpenID Connect provider on loopback. Whoever logs in has the groups of his name; no password is asked for. */
export interface IdentityProvider {
  issuer: string;
  /** Where it listens. */
  address: string;
  /** How often a refresh token was exchanged. */
  refreshes(): number;
  /** Refuses all refresh tokens that it has given. */
  refuseRefreshes(): Promise<void>;
  /** Follows the redirects of a log-in as a browser does, filling in the forms, until it comes back to this prefix. */
  logIn(url: string, user: string, until: string): Promise<string>;
  close(): Promise<void>;
}

export interface IdentityProviderOptions {
  clientId: string;
  /** Absent: a public client, as command lines are. */
  clientSecret?: string;
  redirectUri: string;
  groups: Readonly<Record<string, readonly string[]>>;
  /** ID tokens hold no more than who it is; the rest is told by the userinfo endpoint. */
  bareIdTokens?: boolean;
  /** Log-ins come with refresh tokens that are good for one time, and ID tokens that live so long. */
  refreshable?: { idTokenSeconds: number };
  /** How it is known outside, where that is not its own address: requests come with the path of this URL before their own. */
  issuer?: string;
}

/** A handler for requests below a path, which it sees without that path. */
function mounted(path: string, handler: RequestListener): RequestListener {
  return (request, response) => {
    const url = request.url ?? '';
    if (path && !url.startsWith(`${path}/`)) return void response.writeHead(404).end();
    Object.assign(request, { originalUrl: url, url: url.slice(path.length) });
    return handler(request, response);
  };
}

const clientOf = ({ clientId, clientSecret, redirectUri, refreshable }: IdentityProviderOptions) => ({
  client_id: clientId,
  redirect_uris: [redirectUri],
  ...(refreshable ? { grant_types: ['authorization_code', 'refresh_token'] } : {}),
  ...(clientSecret
    ? { client_secret: clientSecret, token_endpoint_auth_method: 'client_secret_post' as const }
    : { token_endpoint_auth_method: 'none' as const, application_type: 'native' as const }),
});

function watchedRefreshes(provider: Provider): Pick<IdentityProvider, 'refreshes' | 'refuseRefreshes'> {
  const given: { destroy(): Promise<void> }[] = [];
  let refreshes = 0;
  provider.on('refresh_token.saved', (token) => given.push(token));
  provider.on('grant.success', (context) => {
    if (context.oidc.params?.['grant_type'] === 'refresh_token') refreshes += 1;
  });
  return {
    refreshes: () => refreshes,
    refuseRefreshes: async () => {
      await Promise.all(given.map((token) => token.destroy()));
    },
  };
}

/** Starts one. */
export async function identityProvider(options: IdentityProviderOptions): Promise<IdentityProvider> {
  // Large: only for those who use it.
  const { default: Provider } = await import('oidc-provider');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer = options.issuer ?? address;
  const provider = new Provider(issuer, {
    clients: [clientOf(options)],
    claims: { openid: ['sub'], groups: ['groups'], email: ['email'], profile: ['name'] },
    conformIdTokenClaims: options.bareIdTokens ?? false,
    pkce: { required: () => true },
    ...(options.refreshable ? refreshing(options.refreshable) : {}),
    cookies: { keys: [randomBytes(16).toString('hex')] },
    findAccount: (_context, sub) => ({
      accountId: sub,
      claims: async () => ({ sub, groups: [...(options.groups[sub] ?? [])], email: `${sub}@example.com` }),
    }),
  });
  server.on('request', mounted(new URL(issuer).pathname.replace(/\/$/, ''), provider.callback()));
  return {
    issuer,
    address,
    logIn: browse,
    ...watchedRefreshes(provider),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const refreshing = ({ idTokenSeconds }: { idTokenSeconds: number }) => ({
  issueRefreshToken: () => true,
  rotateRefreshToken: true,
  features: { revocation: { enabled: true } },
  ttl: { IdToken: idTokenSeconds, RefreshToken: 3600 },
});

const maxSteps = 20;

async function browse(url: string, user: string, until: string): Promise<string> {
  const jar = new Map<string, string>();
  let request: { url: string; form?: string } = { url };
  for (let step = 0; step < maxSteps; step += 1) {
    if (request.url.startsWith(until)) return request.url;
    const response = await fetch(request.url, {
      redirect: 'manual',
      method: request.form === undefined ? 'GET' : 'POST',
      headers: {
        cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(request.form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(request.form === undefined ? {} : { body: request.form }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      jar.set(name, value);
    }
    const location = response.headers.get('location');
    if (location) request = { url: new URL(location, request.url).href };
    else request = filledForm(await response.text(), request.url, user);
  }
  throw new Error(`the log-in did not come back to ${until}; it is at ${request.url}`);
}

/** The provider's forms: the first asks for a name, the second for consent. */
function filledForm(html: string, page: string, user: string): { url: string; form: string } {
  const action = /action="([^"]+)"/.exec(html)?.[1];
  const prompt = /name="prompt" value="([^"]+)"/.exec(html)?.[1];
  if (!action || !prompt) throw new Error(`no form on ${page}: ${html.slice(0, 300)}`);
  const form = new URLSearchParams({ prompt, ...(prompt === 'login' ? { login: user, password: 'any' } : {}) });
  return { url: new URL(action, page).href, form: form.toString() };
}
