import type { KubeObject } from '@plumbline/manifests';
import { describe, expect, test } from 'vitest';
import { createHealth } from './create-health.ts';
import type { HealthRule } from './rules.ts';

function lua(script: string, pattern = 'example.com/Widget', openLibraries = false): HealthRule {
  return { language: 'lua', pattern, key: `resource.customizations.health.${pattern}`, script, openLibraries };
}

const widget = (more: object = {}): KubeObject =>
  ({ apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' }, ...more }) as KubeObject;
const always = (status: string) => lua(`return {status = "${status}", message = "by rule"}`);

async function assess(rules: HealthRule[], object = widget()) {
  return (await createHealth(rules)).assess(object);
}

describe('a rule in Lua', () => {
  test.each(['Healthy', 'Suspended', 'Progressing', 'Missing', 'Degraded', 'Unknown'])('can say %s', async (status) => {
    expect(await assess([always(status)])).toEqual({ status, message: 'by rule' });
  });

  test.each<[string, string, unknown]>([
    [
      'that says something else',
      'return {status = "Fine"}',
      { status: 'Unknown', message: 'Lua returned an invalid health status' },
    ],
    ['without a message', 'return {status = "Healthy"}', { status: 'Healthy' }],
    ['that returns nothing gives no health', 'return nil', undefined],
    ['that returns an empty table gives no health', 'return {}', undefined],
    [
      'that returns text',
      'return "Healthy"',
      {
        status: 'Unknown',
        message:
          'expect table output from Lua script, not string (argocd-cm, key resource.customizations.health.example.com/Widget)',
      },
    ],
    [
      'that fails names its key',
      'return obj.a.b',
      {
        status: 'Unknown',
        message:
          "script:1: attempt to index a nil value (field 'a') (argocd-cm, key resource.customizations.health.example.com/Widget)",
      },
    ],
  ])('%s', async (_, script, expected) => {
    expect(await assess([lua(script)])).toEqual(expected);
  });

  test('is not asked about objects that are being deleted', async () => {
    const deleted = { ...widget(), metadata: { name: 'w', deletionTimestamp: '2026-01-01T00:00:00Z' } };
    expect(await assess([always('Healthy')], deleted)).toEqual({ status: 'Progressing', message: 'Pending deletion' });
  });

  test('for a named kind comes before one for a pattern, and both before the bundled check', async () => {
    const named = lua('return {status = "Degraded"}', 'apps/Deployment');
    const pattern = lua('return {status = "Suspended"}', '*/*');
    const deployment = { ...widget(), apiVersion: 'apps/v1', kind: 'Deployment' };
    expect(await assess([pattern, named], deployment)).toEqual({ status: 'Degraded' });
    expect(await assess([pattern], deployment)).toEqual({ status: 'Suspended' });
    expect((await assess([lua('', 'example.com/*')], deployment))?.status).toBe('Healthy');
  });

  test('decides about Applications too', async () => {
    const child = { ...widget(), apiVersion: 'argoproj.io/v1alpha1', kind: 'Application' };
    expect(await assess([lua('return {status = "Healthy"}', 'argoproj.io/Application')], child)).toEqual({
      status: 'Healthy',
    });
  });

  test('that runs out of time rests for a while', async () => {
    let looks = 0;
    const rule = lua('if obj.spec.slow then while true do end end return {status = "Healthy"}');
    const options = { limits: { timeMs: 20, memoryBytes: 2 ** 20 }, now: () => (looks += 1) };
    const health = await createHealth([rule], options);
    expect(health.assess(widget({ spec: { slow: true } }))?.message).toContain('the script ran longer than 0.02 s');
    expect(health.assess(widget({ spec: {} }))?.status).toBe('Unknown');
    looks += 30_000;
    expect(health.assess(widget({ spec: {} }))?.status).toBe('Healthy');
  });
});

describe('a rule in CEL', () => {
  const key = 'plumbline.dev.health.example.com_Widget';
  const rule: HealthRule = {
    language: 'cel',
    pattern: 'example.com/Widget',
    key,
    cases: [
      { when: 'has(object.spec.paused) && object.spec.paused', status: 'Suspended', message: 'it is paused' },
      {
        when: 'object.status.ready < object.spec.replicas',
        status: 'Progressing',
        messageExpression: '"waiting for " + string(object.spec.replicas - object.status.ready)',
      },
      { when: 'object.status.conditions.exists(c, c.type == "Ready" && c.status == "True")', status: 'Healthy' },
    ],
  };
  const ready = { conditions: [{ type: 'Ready', status: 'True' }], ready: 3 };

  test.each<[string, object, unknown]>([
    ['takes the first case that holds', { spec: { paused: true } }, { status: 'Suspended', message: 'it is paused' }],
    [
      'can compute its message',
      { spec: { replicas: 3 }, status: { ready: 1 } },
      { status: 'Progressing', message: 'waiting for 2' },
    ],
    ['can look into lists', { spec: { replicas: 3 }, status: ready }, { status: 'Healthy' }],
    ['says nothing where no case holds', { spec: { replicas: 0 }, status: { ready: 0, conditions: [] } }, undefined],
    [
      'that fails names its key',
      { spec: {}, status: {} },
      { status: 'Unknown', message: `No such key: ready (argocd-cm, key ${key})` },
    ],
  ])('%s', async (_, object, expected) => {
    expect(await assess([rule], widget(object))).toEqual(expected);
  });

  test('comes before the one in Lua, which decides where it says nothing', async () => {
    expect(await assess([always('Degraded'), rule], widget({ spec: { paused: true } }))).toMatchObject({
      status: 'Suspended',
    });
    const quiet = { spec: { replicas: 0 }, status: { ready: 0, conditions: [] } };
    expect(await assess([always('Degraded'), rule], widget(quiet))).toMatchObject({ status: 'Degraded' });
  });

  test.each([
    ['object.', 'case 1: '],
    ['1 + 1', 'case 1: expected an expression of type bool, not int'],
    [`${'('.repeat(50)}true${')'.repeat(50)}`, 'case 1: '],
    [`${'true || '.repeat(600)}true`, 'case 1: '],
    ['[1].all(a, [1].all(b, [1].all(c, true)))', 'case 1: no more than 2 loops may stand in each other'],
  ])('that is no good expression says so: %s', async (when, message) => {
    const result = await assess([{ ...rule, cases: [{ when, status: 'Healthy' }] }]);
    expect(result?.status).toBe('Unknown');
    expect(result?.message).toContain(message);
  });
});
