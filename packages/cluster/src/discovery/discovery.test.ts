import { silentLogger } from '@plumbline/telemetry';
import { describe, expect, it } from 'vitest';
import type { Transport } from '../transport/transport.ts';
import { createDiscovery } from './discovery.ts';

const version = (kinds: readonly string[]) => ({
  version: 'v1',
  resources: kinds.map((kind) => ({
    resource: `${kind.toLowerCase()}s`,
    responseKind: { group: '', version: 'v1', kind },
    scope: 'Namespaced',
    verbs: ['list', 'watch'],
  })),
});
const groups = (name: string, kinds: readonly string[]) =>
  JSON.stringify({ kind: 'APIGroupDiscoveryList', items: [{ metadata: { name }, versions: [version(kinds)] }] });

/** An API server that answers 304 to its ETag, behind a proxy that may cut what passes through it. */
function given() {
  const state = { now: 0, cut: (text: string) => text };
  const transport = {
    async send({ path, ifNoneMatch }: { path: string; ifNoneMatch?: string }) {
      if (ifNoneMatch === 'one') return { status: 304, text: '', headers: {} };
      const text = path === '/api' ? groups('', ['ConfigMap', 'Secret']) : groups('apps', ['Deployment']);
      return { status: 200, text: state.cut(text), headers: { etag: 'one' } };
    },
  } as unknown as Transport;
  const discovery = createDiscovery({ transport, logger: silentLogger, now: () => state.now });
  const knows = async (kind: string) => (await discovery.find({ apiVersion: 'v1', kind })) !== undefined;
  return { state, discovery, knows };
}

describe('discovery', () => {
  it('reads a document whole again when a kind is missing, although its ETag is the same', async () => {
    const { state, discovery, knows } = given();
    state.cut = (text) => text.replace('"kind":"ConfigMap"', '"kind":""');
    await discovery.refresh();
    state.now += 20_000;
    expect(await knows('ConfigMap')).toBe(false);
    state.cut = (text) => text;
    state.now += 20_000;
    expect(await knows('ConfigMap')).toBe(true);
  });

  it('takes an answer without any API for none, and keeps what it knew', async () => {
    const { state, discovery, knows } = given();
    await discovery.refresh();
    state.cut = () => JSON.stringify({ kind: 'APIGroupDiscoveryList', items: [] });
    state.now += 20_000;
    await expect(knows('Widget')).rejects.toThrow('names no API');
    expect(await knows('Secret')).toBe(true);
  });
});
