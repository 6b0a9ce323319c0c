import type { KubeClient } from '@plumbline/cluster';
import type { RenderQueueRequest, RenderQueueResult } from '@plumbline/render';
import type { Store } from '@plumbline/store';
import { compareText } from '../applications/sort-text.ts';
import type { Mount } from '../http/mount.ts';

export interface NamedThingParts {
  client: KubeClient;
  /** Of the control plane. */
  namespace: string;
  plugins: PluginNames;
}

/** Asks a repo-server which config management plugins it has. */
export interface PluginNames {
  ask(signal: AbortSignal): Promise<string[]>;
  close(): Promise<void>;
}

const patienceMs = 10_000;

/** {@link PluginNames} over the store's queue `render`. */
export function createPluginNames(store: Pick<Store, 'queue'>): PluginNames {
  const queue = store.queue<RenderQueueRequest, RenderQueueResult>('render');
  return {
    async ask(signal) {
      const answer = await queue.call('plugins', { kind: 'plugins' }, { timeoutMs: patienceMs, signal });
      return 'plugins' in answer ? answer.plugins : [];
    },
    close: () => queue.close(),
  };
}

const named = (names: Iterable<string>) => [...new Set(names)].sort(compareText).map((name) => ({ name }));

/** The names under a prefix of the keys: `service.webhook.github` is the service `github`, `service.slack` is `slack`. */
export function namesUnder(prefix: string, keys: readonly string[]): { name: string }[] {
  return named(
    keys
      .filter((key) => key.startsWith(`${prefix}.`))
      .map((key) => key.slice(prefix.length + 1))
      .map((rest) => (prefix === 'service' ? (rest.split('.')[1] ?? rest) : rest))
      .filter((name) => name !== ''),
  );
}

/** What is configured, by name: plugins of the repo-servers, and what argocd-notifications-cm describes. */
export function mountNamedThings(mount: Mount, { client, namespace, plugins }: NamedThingParts): void {
  const keys = async (): Promise<string[]> => {
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'argocd-notifications-cm' };
    const data = (await client.find(ref))?.['data'];
    return typeof data === 'object' && data !== null ? Object.keys(data) : [];
  };
  const under = (prefix: string) => async () => ({ items: namesUnder(prefix, await keys()) });
  mount.call('notificationTriggers', under('trigger'));
  mount.call('notificationServices', under('service'));
  mount.call('notificationTemplates', under('template'));
  mount.call('settingsPlugins', async ({ signal }) => ({ plugins: named(await plugins.ask(signal)) }));
}
