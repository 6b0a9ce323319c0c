import type { FrameStream } from './frame-stream.ts';

/** The streams that are open, so that a stopping server can end them. */
export interface OpenStreams {
  add(stream: FrameStream): void;
  endAll(): void;
  count(): number;
}

export function createOpenStreams(): OpenStreams {
  const open = new Set<FrameStream>();
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
