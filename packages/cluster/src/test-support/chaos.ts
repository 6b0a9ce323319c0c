import { setTimeout as delay } from 'node:timers/promises';
import { type FaultProxy, statusBody } from './fault-proxy.ts';

/** Numbers from 0 to 1 that are the same for the same seed. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const refusals = [
  { status: 410, reason: 'Expired', message: 'too old resource version' },
  { status: 429, reason: 'TooManyRequests', message: 'the server has received too many requests' },
  { status: 500, reason: 'InternalError', message: 'an error on the server' },
  { status: 503, reason: 'ServiceUnavailable', message: 'the server is currently unable to handle the request' },
] as const;

/** The events of a stream's piece, whole lines only; none where it holds a part of one. */
function linesOf(chunk: Buffer): string[] {
  const text = chunk.toString('utf8');
  return text.endsWith('\n') ? text.slice(0, -1).split('\n') : [];
}

/** A stream's piece with events of before put behind it. */
function repeated(chunk: Buffer, earlier: Map<string, string[]>, path: string, random: () => number): Buffer {
  const lines = linesOf(chunk);
  const kind = path.slice(0, path.indexOf('?'));
  const seen = [...(earlier.get(kind) ?? []), ...lines].slice(-20);
  earlier.set(kind, seen);
  const again = random() < 0.3 ? seen.slice(Math.floor(random() * seen.length)) : [];
  return Buffer.from([...lines, ...again].map((line) => `${line}\n`).join(''));
}

/** A stream's piece without its bookmarks. */
function unmarked(chunk: Buffer): Buffer {
  const lines = linesOf(chunk).filter((line) => !line.includes('"BOOKMARK"'));
  return lines.length > 0 ? Buffer.from(lines.map((line) => `${line}\n`).join('')) : chunk;
}

/**
 * Lets every kind of mishap befall lists and watches, at random: refusals, an ERROR event, streams that are cut (in the
 * middle of an event, too), delayed, repeat themselves, lose their bookmarks, or fall silent and stay so. Returns how to end
 * it; a stream that has fallen silent then says nothing any more, either, but one that is opened after it does.
 */
export function unleash(proxy: FaultProxy, seed: number): () => void {
  const random = seededRandom(seed);
  const earlier = new Map<string, string[]>();
  const silent = new Set<string>();
  const nothing = { bytes: Buffer.alloc(0) };
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  proxy.onRequest = (method, path) => {
    silent.delete(path);
    if (method !== 'GET' || random() > 0.3) return undefined;
    const { status, reason, message } = pick(refusals);
    if (path.includes('watch=1') && random() < 0.4) {
      const body = `{"type":"ERROR","object":${statusBody(status, reason, message)}}\n`;
      return { status: 200, body };
    }
    return { status, body: statusBody(status, reason, message), headers: { 'retry-after': '1' } };
  };
  proxy.onChunk = async (chunk, path) => {
    if (silent.has(path)) return nothing;
    const fate = random();
    if (fate > 0.97) silent.add(path);
    if (fate > 0.97) return nothing;
    if (fate > 0.9) return { bytes: unmarked(chunk) };
    if (fate < 0.05) return { ...nothing, end: true };
    if (fate < 0.15) return { bytes: chunk.subarray(0, Math.floor(chunk.length * random())), end: true };
    if (fate < 0.3) await delay(random() * 500);
    if (fate < 0.6 && linesOf(chunk).length > 0) return { bytes: repeated(chunk, earlier, path, random) };
    return { bytes: chunk };
  };
  return () => {
    proxy.onRequest = (_method, path) => {
      silent.delete(path);
      return undefined;
    };
    proxy.onChunk = (bytes, path) => (silent.has(path) ? nothing : { bytes });
  };
}
