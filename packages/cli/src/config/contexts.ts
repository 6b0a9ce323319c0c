import type { ConfigFile, ServerEntry } from './config-file.ts';

/** A context with what it names. */
export interface Context {
  name: string;
  server: ServerEntry;
  token: string | undefined;
  /** Of a log-in with SSO. */
  refreshToken?: string | undefined;
}

/** What a context logs in with. */
type Tokens = Pick<Context, 'token' | 'refreshToken'>;

const userEntry = (name: string, { token, refreshToken }: Tokens): ConfigFile['users'][number] => ({
  name,
  ...(token ? { 'auth-token': token } : {}),
  ...(refreshToken ? { 'refresh-token': refreshToken } : {}),
});

/** The context of a name, or the current one. Undefined where there is none or its server is unknown. */
export function contextOf(file: ConfigFile, name?: string): Context | undefined {
  const wanted = name ?? file['current-context'];
  const entry = file.contexts.find((context) => context.name === wanted);
  const server = file.servers.find((candidate) => candidate.server === entry?.server);
  if (!entry || !server) return undefined;
  const { 'auth-token': token, 'refresh-token': refreshToken } =
    file.users.find((user) => user.name === entry.user) ?? {};
  return {
    name: entry.name,
    server,
    token: token || undefined,
    ...(refreshToken ? { refreshToken } : {}),
  };
}

/** The context that logged in to a server, given by its URL or as host and port. The current one before others. */
export function contextOfServer(file: ConfigFile, server: string): Context | undefined {
  const plain = server.replace(/\/+$/, '');
  const same = (known: string): boolean => known === plain || known.replace(/^https?:\/\//, '') === plain;
  const found = file.contexts.filter((context) => same(context.server));
  const entry = found.find(({ name }) => name === file['current-context']) ?? found[0];
  return entry && contextOf(file, entry.name);
}

/** Adds or replaces a context and makes it the current one. */
export function withContext(file: ConfigFile, context: Context): ConfigFile {
  const { name, server } = context;
  return {
    ...file,
    contexts: [...file.contexts.filter((entry) => entry.name !== name), { name, server: server.server, user: name }],
    'current-context': name,
    ...(file['current-context'] && file['current-context'] !== name
      ? { 'previous-context': file['current-context'] }
      : {}),
    servers: [...file.servers.filter((entry) => entry.server !== server.server), server],
    users: [...file.users.filter((entry) => entry.name !== name), userEntry(name, context)],
  };
}

/** The context with other tokens; which one is the current one stays. */
export function withTokens(file: ConfigFile, name: string, tokens: Tokens): ConfigFile {
  const user = file.contexts.find((context) => context.name === name)?.user ?? name;
  return { ...file, users: [...file.users.filter((entry) => entry.name !== user), userEntry(user, tokens)] };
}

/** Forgets the token of a context. */
export function withoutToken(file: ConfigFile, name: string): ConfigFile {
  return { ...file, users: file.users.filter((user) => user.name !== name) };
}

/** Forgets a context, its token, and its server where no other context names it. */
export function withoutContext(file: ConfigFile, name: string): ConfigFile {
  const contexts = file.contexts.filter((context) => context.name !== name);
  return {
    ...file,
    contexts,
    'current-context': file['current-context'] === name ? '' : file['current-context'],
    servers: file.servers.filter((entry) => contexts.some((context) => context.server === entry.server)),
    users: file.users.filter((user) => user.name !== name),
  };
}
