import {
  type ResourceTree,
  type TreeDelta,
  TreeView,
  type TreeWatch,
  treeChannel,
  treeWatchChannel,
  treeWatchMs,
} from '@plumbline/protocol';
import type { Store } from '@plumbline/store';

type TreeListener = (tree: ResourceTree) => void;

/** The Application whose tree is followed. */
interface Followed {
  namespace: string;
  name: string;
}

/** Trees as controllers publish them, for all who look at them here. */
export interface TreeFeed {
  /** Tells of the whole tree at first and after each change, until the returned function is called. */
  follow(application: Followed, listener: TreeListener): Promise<() => Promise<void>>;
}

interface Feed {
  view: TreeView;
  /** Whether the view holds a tree. */
  filled: boolean;
  listeners: Set<TreeListener>;
  leave: Promise<() => Promise<void>>;
  heartbeat: NodeJS.Timeout;
}

/** One subscription for each Application that somebody here looks at; it ends with the last of them. */
export function createTreeFeed(pubsub: Store['pubsub']): TreeFeed {
  const feeds = new Map<string, Feed>();
  const ask = (application: Followed, whole: boolean): Promise<void> =>
    // Where Redis does not answer now, the next heartbeat asks again.
    pubsub.publish(treeWatchChannel, { ...application, whole } satisfies TreeWatch).catch(() => undefined);

  const open = (channel: string, application: Followed): Feed => {
    const view = new TreeView();
    const listeners = new Set<TreeListener>();
    const onDelta = (message: unknown): void => {
      feed.filled = view.apply(message as TreeDelta);
      if (!feed.filled) void ask(application, true);
      else if (listeners.size > 0) tell(feed, listeners);
    };
    const feed: Feed = {
      view,
      filled: false,
      listeners,
      leave: pubsub.subscribe(channel, onDelta),
      heartbeat: setInterval(() => void ask(application, !feed.filled), treeWatchMs).unref(),
    };
    feeds.set(channel, feed);
    return feed;
  };

  return {
    follow: async (application, listener) => {
      const channel = treeChannel(application);
      const feed = feeds.get(channel) ?? open(channel, application);
      feed.listeners.add(listener);
      const stop = async (): Promise<void> => {
        feed.listeners.delete(listener);
        if (feed.listeners.size > 0 || feeds.get(channel) !== feed) return;
        feeds.delete(channel);
        clearInterval(feed.heartbeat);
        await (await feed.leave)();
      };
      try {
        await feed.leave;
      } catch (error) {
        feeds.delete(channel);
        clearInterval(feed.heartbeat);
        throw error;
      }
      if (feed.filled) listener(feed.view.tree());
      else await ask(application, true);
      return stop;
    },
  };
}

function tell({ view }: Feed, listeners: ReadonlySet<TreeListener>): void {
  const tree = view.tree();
  for (const listener of listeners) listener(tree);
}
