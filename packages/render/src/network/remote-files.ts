import { createHash } from 'node:crypto';
import { guardedFetch } from './guarded-fetch.ts';

/** A file as it was when it was last asked for. */
export interface FetchedFile {
  /** SHA-256, 64 hex digits. */
  digest: string;
  body: Buffer;
}

/** Files by HTTP that sources refer to: of kustomizations, and value files. Read without credentials but those in the URL. */
export interface RemoteFiles {
  /** With `fresh`, the server is asked even if it was a moment ago. Throws `DOWNLOAD_*`. */
  get(url: string, options: { fresh: boolean }): Promise<FetchedFile>;
  /** The body of that digest, from memory or downloaded once more; undefined where the server has another one now. */
  read(url: string, digest: string): Promise<Buffer | undefined>;
}

interface Entry extends FetchedFile {
  etag: string | undefined;
  lastModified: string | undefined;
  /** Milliseconds. */
  askedAt: number;
}

/** Manifests, CRDs included, are far smaller. */
const maxBytes = 32 * 1024 * 1024;
const timeoutMs = 30_000;
const maxKeptBytes = 64 * 1024 * 1024;
/**
 * A refresh comes every two minutes by default: each sees what the server has, and any number of Applications with the same
 * file ask for it once a minute.
 */
const freshMs = 60_000;

/** @param clock milliseconds. */
export function createRemoteFiles(clock: () => number = Date.now): RemoteFiles {
  const known = new Map<string, Entry>();
  const running = new Map<string, Promise<Entry>>();

  const keep = (url: string, entry: Entry): void => {
    known.delete(url);
    known.set(url, entry);
    let bytes = [...known.values()].reduce((sum, { body }) => sum + body.length, 0);
    for (const [key, { body }] of known) {
      if (bytes <= maxKeptBytes || key === url) return;
      known.delete(key);
      bytes -= body.length;
    }
  };

  const ask = async (url: string): Promise<Entry> => {
    const former = known.get(url);
    const headers = {
      ...(former?.etag ? { 'if-none-match': former.etag } : {}),
      ...(former?.lastModified ? { 'if-modified-since': former.lastModified } : {}),
    };
    const askedAt = clock();
    const answer = await guardedFetch(url, { maxBytes, timeoutMs, headers, statuses: former ? [200, 304] : [200] });
    const { etag, 'last-modified': lastModified } = answer.headers;
    const digest = createHash('sha256').update(answer.body).digest('hex');
    const entry: Entry =
      former && answer.status === 304
        ? { ...former, askedAt }
        : { digest, body: answer.body, etag, lastModified, askedAt };
    keep(url, entry);
    return entry;
  };

  const askOnce = (url: string): Promise<Entry> => {
    const asked = running.get(url) ?? ask(url).finally(() => running.delete(url));
    running.set(url, asked);
    return asked;
  };

  return {
    async get(url, { fresh }) {
      const former = known.get(url);
      return former && !fresh && clock() - former.askedAt < freshMs ? former : askOnce(url);
    },
    async read(url, digest) {
      const former = known.get(url);
      const entry = former?.digest === digest ? former : await askOnce(url);
      return entry.digest === digest ? entry.body : undefined;
    },
  };
}
