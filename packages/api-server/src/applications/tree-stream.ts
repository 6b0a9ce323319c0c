import { stringifyJson } from '@plumbline/manifests';
import type { ResourceTree } from '@plumbline/protocol';
import type { FrameStream } from '../http/frame-stream.ts';
import type { ApplicationCache } from './application-cache.ts';

/** Shortest time between two questions for one stream. */
const spacingMs = 1_000;

export interface TreeStreamOptions {
  /** The Application's name. */
  name: string;
  cache: ApplicationCache;
  read: () => Promise<ResourceTree>;
  stream: FrameStream;
}

/**
 * Sends the resource tree at once and again whenever it differs from the last one sent. It is looked at every second,
 * because descendants (Pods) change without the Application changing. Ends when the Application is gone.
 */
export async function streamTree({ name, cache, read, stream }: TreeStreamOptions): Promise<void> {
  let last = '';
  let over = false;
  stream.done.then(() => {
    over = true;
  });
  while (!over) {
    if (!cache.get(name)) {
      stream.end();
      return;
    }
    try {
      const tree = await read();
      const text = stringifyJson(tree);
      if (text !== last) stream.send('tree', tree);
      last = text;
    } catch (error) {
      if (!over) stream.fail(error);
      return;
    }
    await Promise.race([stream.done, new Promise((resolve) => setTimeout(resolve, spacingMs).unref())]);
  }
}
