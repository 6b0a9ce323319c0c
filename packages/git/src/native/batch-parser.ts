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

/**
 * Parses the binary answer stream.
 * @param hasBody whether the answer that begins now carries the object's content (`contents`) or not (`info`).
 */
export function createBatchParser(hasBody: () => boolean, answered: (answer: BatchAnswer) => void): BatchParser {
  let partialLine = '';
  let body: { oid: string; type: ObjectType; content: Buffer; filled: number } | undefined;

  const line = (text: string): void => {
    const match = header.exec(text);
    if (!match) {
      answered({ found: false, reason: text });
      return;
    }
    const [, oid = '', type = 'blob', digits = '0'] = match;
    const size = Number(digits);
    const known = { oid, type: type as ObjectType };
    if (!hasBody()) answered({ found: true, ...known, size, content: nothing });
    else body = { ...known, content: Buffer.allocUnsafeSlow(size), filled: 0 };
  };

  /** Takes what the body still lacks, and the newline after it; returns the new position. */
  const fill = (chunk: Buffer, position: number, target: NonNullable<typeof body>): number => {
    const { content } = target;
    const taken = chunk.copy(content, target.filled, position);
    target.filled += taken;
    const next = position + taken;
    if (target.filled < content.length || next >= chunk.length) return next;
    body = undefined;
    answered({ found: true, oid: target.oid, type: target.type, size: content.length, content });
    return next + 1;
  };

  return {
    feed(chunk) {
      let position = 0;
      while (position < chunk.length) {
        if (body) {
          position = fill(chunk, position, body);
          continue;
        }
        const end = chunk.indexOf(0x0a, position);
        if (end < 0) {
          partialLine += chunk.toString('latin1', position);
          return;
        }
        const text = partialLine + chunk.toString('latin1', position, end);
        partialLine = '';
        position = end + 1;
        line(text);
      }
    },
  };
}
