import { application } from '@plumbline/testing';
import { describe, expect, it } from 'vitest';
import { plumb, useOwnConfiguration } from './test-support/run-plumb.ts';

const apps = '/api/v1/applications';
const base = application({ name: 'web', repoURL: 'https://git/x', path: 'p', destinationNamespace: 'n' });
const synced = { ...base, status: { sync: { status: 'Synced', revision: 'abc' }, health: { status: 'Healthy' } } };

useOwnConfiguration();

describe('plumb app plan', () => {
  const task = { group: '', version: 'v1', kind: 'ConfigMap', namespace: 'n', reason: 'Wave 0 of the Sync phase.' };
  const plan = {
    hash: '0123456789abcdef',
    revisions: ['abc'],
    phases: [
      {
        phase: 'Sync',
        waves: [
          {
            wave: 0,
            waitsFor: '',
            tasks: [
              { ...task, name: 'a', action: 'change', differences: [{ path: '/data/key', live: '1', target: '2' }] },
              { ...task, name: 'b', action: 'prune' },
              { ...task, name: 'c', action: 'none' },
            ],
          },
        ],
      },
    ],
    invalid: [],
    holds: ['waiting for an approval of 20 deletions'],
    approval: { digest: 'aaaaaaaaaaaaaaaa', reason: '20 deletions' },
  };

  it('shows what would be done, what holds it, and how to run just that', async () => {
    const routes = { [`GET ${apps}/web`]: { json: synced }, [`POST ${apps}/web/plan`]: { json: plan } };
    const { code, out, requests } = await plumb(routes, ['app', 'plan', 'web', '--prune']);
    expect(code).toBe(0);
    expect(requests).toContain(`POST ${apps}/web/plan {"prune":true}`);
    for (const part of ['~ change   ConfigMap n/a', '/data/key  "1" → "2"', '- prune    ConfigMap n/b', '1 in order'])
      expect(out).toContain(part);
    expect(out).toContain('plumb app approve web aaaaaaaaaaaaaaaa');
    expect(out).toContain('plumb app sync web --plan 0123456789abcdef');
  });

  it('is what an approval without a digest is about', async () => {
    const routes = { [`GET ${apps}/web/plan`]: { json: plan }, [`POST ${apps}/web/approval`]: { json: {} } };
    const { code, out, requests } = await plumb(routes, ['app', 'approve', 'web', '--yes']);
    expect([code, out]).toEqual([0, expect.stringContaining('20 deletions')]);
    expect(requests).toContain(`POST ${apps}/web/approval {"digest":"aaaaaaaaaaaaaaaa"}`);
  });
});

describe('plumb app rollback', () => {
  it('pins, with the reason and the end', async () => {
    const routes = { [`POST ${apps}/web/rollback`]: { json: synced } };
    const args = ['app', 'rollback', 'web', '3', '--reason', 'it broke', '--expires', '24h', '--async'];
    const { code, requests } = await plumb(routes, args);
    expect(code).toBe(0);
    expect(requests).toContain(`POST ${apps}/web/rollback {"id":3,"pin":true,"reason":"it broke","expires":"24h"}`);
  });
});
