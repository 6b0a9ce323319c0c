import { stringifyJson } from '@plumbline/manifests';
import type { ResourceTree } from '@plumbline/protocol';
import type { FrameStream } from '../http/frame-stream.ts';
import type { ApplicationCache } from './application-cache.ts';
import type { Projection } from './projection.ts';
import type { TreeFeed } from './tree-feed.ts';

/** Whether the caller may still look, and the Application is still there, is seen this often. */
const lookMs = 1_000;
/** Changes within this time make one frame. */
const gatherMs = 100;
/** The tree is asked for this often all the same: messages of Redis can be lost. */
const readMs = 30_000;

export interface TreeStreamOptions {
  application: { namespace: string; name: string };
  cache: ApplicationCache;
  feed: TreeFeed;
  /** Throws where the caller may not look. */
  allowed: () => Promise<unknown>;
  read: () => Promise<ResourceTree>;
  /** The part of a tree that the caller asked for. */
  narrow: (tree: ResourceTree) => ResourceTree;
  /** The fields of it that he asked for. */
  project: Projection;
  stream: FrameStream;
}

/**
 * Sends the resource tree at once and again whenever it differs from the last one sent. Changes come as deltas from the
 * controller. Ends when the Application is gone.
 */
export async function streamTree(options: TreeStreamOptions): Promise<void> {
  const { application, cache, feed, allowed, read, narrow, project, stream } = options;
  const frames = createFrames(stream, { narrow, project });
  const wait = (ms: number) =>
    Promise.race([stream.done.then(() => true), new Promise<false>((resolve) => setTimeout(() => resolve(false), ms))]);
  let stop: (() => Promise<void>) | undefined;
  try {
    frames.send(await read());
    stop = await feed.follow(application, frames.sendSoon);
    for (let round = 1; !(await wait(lookMs)); round += 1) {
      if (!cache.get(application.name, application.namespace)) {
        stream.end();
        return;
      }
      await allowed();
      if (round % (readMs / lookMs) === 0) frames.send(await read());
    }
  } catch (error) {
    stream.fail(error);
  } finally {
    frames.close();
    await stop?.();
  }
}

/** Sends trees that differ from the one before; the order of their nodes is none of the differences. */
function createFrames(stream: FrameStream, { narrow, project }: Pick<TreeStreamOptions, 'narrow' | 'project'>) {
  let last = '';
  let newest: ResourceTree | undefined;
  let timer: NodeJS.Timeout | undefined;
  const send = (whole: ResourceTree): void => {
    const tree = project(ordered(narrow(whole)));
    const text = stringifyJson(tree);
    if (text !== last) stream.send('tree', tree);
    last = text;
  };
  return {
    send,
    sendSoon: (tree: ResourceTree): void => {
      newest = tree;
      timer ??= setTimeout(() => {
        timer = undefined;
        if (newest) send(newest);
      }, gatherMs);
    },
    close: () => clearTimeout(timer),
  };
}

function ordered(tree: ResourceTree): ResourceTree {
  const byUid = (a: { uid: string }, b: { uid: string }) => (a.uid < b.uid ? -1 : 1);
  return { ...tree, nodes: tree.nodes.toSorted(byUid), orphanedNodes: tree.orphanedNodes.toSorted(byUid) };
}
