import type { FrameStream } from './frame-stream.ts';

/** Something that is open until somebody ends it. */
export type OpenStream = Pick<FrameStream, 'end' | 'done'>;

/** The streams that are open, so that a stopping server can end them. */
export interface OpenStreams {
  add(stream: OpenStream): void;
  endAll(): void;
  count(): number;
}

export function createOpenStreams(): OpenStreams {
  const open = new Set<OpenStream>();
  return {
    add: (stream) => {
      open.add(stream);
      stream.done.then(() => open.delete(stream));
    },
    endAll: () => {
      for (const stream of open) stream.end();
    },
    count: () => open.size,
  };
}
