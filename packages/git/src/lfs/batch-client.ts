import { readText, send } from '../http/send.ts';
import { authorizationOf } from '../repository-url.ts';
import type { RepositoryAccess } from '../types.ts';
import { lfsAnswer, lfsRefused } from './lfs-errors.ts';
import type { LfsPointer } from './pointer.ts';

const mediaType = 'application/vnd.git-lfs+json';
const mostRedirects = 3;

interface Download {
  href: string;
  header: Record<string, string>;
}

interface BatchAnswer {
  objects?: {
    oid?: string;
    error?: { code?: number; message?: string };
    actions?: { download?: { href?: string; header?: Record<string, string> } };
  }[];
}

/** Where the objects of a repository are asked for. */
interface BatchServer {
  /** Without `/objects/batch`. */
  href: string;
  /** What the server wants besides the repository's own credentials. */
  header: Record<string, string>;
}

/** The LFS server that a repository over http has by convention. */
export function conventionalServer(url: string): BatchServer {
  return { href: `${url.endsWith('.git') ? url : `${url}.git`}/info/lfs`, header: {} };
}

function credentials(access: RepositoryAccess): Record<string, string> {
  const authorization = authorizationOf(access);
  return authorization ? { authorization } : {};
}

/** Asks the server where the object is (git-lfs batch API, transfer `basic`). */
async function askBatch(access: RepositoryAccess, server: BatchServer, pointer: LfsPointer): Promise<Download> {
  const { digest: oid, size } = pointer;
  const body = JSON.stringify({
    operation: 'download',
    transfers: ['basic'],
    hash_algo: 'sha256',
    objects: [{ oid, size }],
  });
  const headers = { accept: mediaType, 'content-type': mediaType, ...credentials(access), ...server.header };
  const text = await send(`${server.href}/objects/batch`, { method: 'POST', headers, body, access }, (answer) => {
    if (answer.status !== 200) throw lfsAnswer(access.url, pointer, answer.status);
    return readText(answer.body);
  });
  const found = (JSON.parse(text) as BatchAnswer).objects?.find((object) => object.oid === oid);
  if (found?.error)
    throw lfsRefused(access.url, pointer, `${found.error.code ?? ''} ${found.error.message ?? ''}`.trim());
  const { href, header = {} } = found?.actions?.download ?? {};
  if (!href) throw lfsRefused(access.url, pointer, 'the server says nothing of a download');
  return { href: new URL(href, `${server.href}/`).href, header };
}

/** Credentials of the repository go to its own server only, and nothing goes from https to http. */
function headersFor(access: RepositoryAccess, { href, header }: Download): Record<string, string> {
  const own = new URL(href).origin === new URL(access.url).origin;
  const named = Object.keys(header).some((name) => name.toLowerCase() === 'authorization');
  return { ...(own && !named ? credentials(access) : {}), ...header };
}

function checkAddress(access: RepositoryAccess, pointer: LfsPointer, href: string, server: BatchServer): void {
  const allowed = server.href.startsWith('https:') ? ['https:'] : ['http:', 'https:'];
  if (!allowed.includes(new URL(href).protocol))
    throw lfsRefused(access.url, pointer, `${new URL(href).origin} is no https`);
}

/**
 * Reads the object from an http(s) server; `use` gets the content as it comes.
 * @param access of the repository, with the URL that its credentials are for.
 */
export async function downloadObject<T>(
  { access, server }: { access: RepositoryAccess; server: BatchServer },
  pointer: LfsPointer,
  use: (content: AsyncIterable<Uint8Array>) => Promise<T>,
): Promise<T> {
  let download = await askBatch(access, server, pointer);
  for (let redirects = 0; ; redirects++) {
    checkAddress(access, pointer, download.href, server);
    const headers = headersFor(access, download);
    const result = await send(
      download.href,
      { method: 'GET', headers, access },
      async ({ status, headers: got, body }) => {
        if (status === 200) return { done: true as const, value: await use(body) };
        const { location } = got;
        if (![301, 302, 303, 307, 308].includes(status) || !location || redirects === mostRedirects) {
          throw lfsAnswer(access.url, pointer, status);
        }
        return { done: false as const, location };
      },
    );
    if (result.done) return result.value;
    const href = new URL(result.location, download.href).href;
    const same = new URL(href).origin === new URL(download.href).origin;
    download = { href, header: same ? download.header : {} };
  }
}
