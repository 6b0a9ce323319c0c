import type { ObjectType } from '../repository-port.ts';

/** One answer of `git cat-file --batch-command`. */
export type BatchAnswer =
  | { found: true; oid: string; type: ObjectType; size: number; content: Buffer }
  | { found: false; reason: string };

export interface BatchParser {
  feed(chunk: Buffer): void;
}

const header = /^([0-9a-f]{40,64}) (commit|tree|blob|tag) (\d+)$/;
const nothing = Buffer.alloc(0);

/** The content of an object, as far as it has come. */
interface Body {
  oid: string;
  type: ObjectType;
  size: number;
  content: Buffer;
  filled: number;
}

function parseHeader(text: string): { oid: string; type: ObjectType; size: number } | undefined {
  const match = header.exec(text);
  if (!match) return undefined;
  const [, oid = '', type = 'blob', digits = '0'] = match;
  return { oid, type: type as ObjectType, size: Number(digits) };
}

/** Takes what the body still lacks; returns the position after it. */
function fill(body: Body, chunk: Buffer, position: number): number {
  const taken = chunk.copy(body.content, body.filled, position);
  body.filled += taken;
  return position + taken;
}

/**
 * Parses the binary answer stream.
 * @param hasBody whether the answer that begins now carries the object's content (`contents`) or not (`info`).
 */
export function createBatchParser(hasBody: () => boolean, answered: (answer: BatchAnswer) => void): BatchParser {
  let partialLine = '';
  let body: Body | undefined;

  const line = (text: string): void => {
    const known = parseHeader(text);
    if (known && hasBody()) body = { ...known, content: Buffer.allocUnsafeSlow(known.size), filled: 0 };
    else answered(known ? { found: true, ...known, content: nothing } : { found: false, reason: text });
  };

  /** A body is whole when the newline after it has come, too. */
  const feedBody = (current: Body, chunk: Buffer, position: number): number => {
    const end = fill(current, chunk, position);
    const { filled, ...object } = current;
    if (filled < object.size || end >= chunk.length) return end;
    body = undefined;
    answered({ found: true, ...object });
    return end + 1;
  };

  const feedLine = (chunk: Buffer, position: number): number => {
    const end = chunk.indexOf(0x0a, position);
    partialLine += chunk.toString('latin1', position, end < 0 ? chunk.length : end);
    if (end < 0) return chunk.length;
    const text = partialLine;
    partialLine = '';
    line(text);
    return end + 1;
  };

  return {
    feed(chunk) {
      let position = 0;
      while (position < chunk.length) {
        position = body ? feedBody(body, chunk, position) : feedLine(chunk, position);
      }
    },
  };
}
