import { connect } from 'node:tls';

/** Whether a server speaks TLS, and what is wrong with its certificate. */
export interface TlsAnswer {
  tls: boolean;
  problem?: string;
}

const patienceMs = 10_000;
/** What a server says, or its network, that cannot be reached at all. */
const unreachable = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN', 'ETIMEDOUT']);

/** Tries a handshake. Throws where nobody answers at the address. */
export function probeTls(url: URL): Promise<TlsAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<TlsAnswer>();
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const named = /[a-z]/i.test(host) && !host.includes(':');
  const port = Number(url.port || 443);
  const socket = connect({ host, port, rejectUnauthorized: false, ...(named ? { servername: host } : {}) });
  const late = setTimeout(() => {
    socket.destroy();
    reject(new Error(`${url.host} does not answer`));
  }, patienceMs);
  socket.once('secureConnect', () => {
    const problem = socket.authorized ? undefined : String(socket.authorizationError ?? 'it is not trusted');
    resolve({ tls: true, ...(problem ? { problem } : {}) });
    socket.destroy();
  });
  socket.once('error', (error: NodeJS.ErrnoException) => {
    if (unreachable.has(error.code ?? '')) reject(error);
    else resolve({ tls: false });
  });
  socket.once('close', () => resolve({ tls: false }));
  return promise.finally(() => clearTimeout(late));
}
