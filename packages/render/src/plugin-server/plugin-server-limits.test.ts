import { expect, it } from 'vitest';
import { readPluginServerLimits } from './plugin-server-limits.ts';

it('has limits, which the environment changes', () => {
  expect(readPluginServerLimits({})).toMatchObject({ timeoutMs: 90_000, fatalTimeoutMs: 10_000, maxBytes: 2 ** 30 });
  const given = { ARGOCD_EXEC_TIMEOUT: '3m', ARGOCD_EXEC_FATAL_TIMEOUT: '500ms', PLUMB_PLUGIN_MAX_BYTES: '1000' };
  expect(readPluginServerLimits(given)).toMatchObject({ timeoutMs: 180_000, fatalTimeoutMs: 500, maxBytes: 1000 });
});

it.each([['ARGOCD_EXEC_TIMEOUT'], ['PLUMB_PLUGIN_MAX_BYTES']])('names %s where it makes no sense', (name) => {
  expect(() => readPluginServerLimits({ [name]: 'soon' })).toThrow(`${name} is "soon"`);
});
