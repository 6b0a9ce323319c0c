import { PlumblineError } from '@plumbline/errors';
import { expect, it } from 'vitest';
import { levels } from '../queue/keyed-queue.ts';
import { configMap, revisionA, revisionB, source } from '../test-support/builders.ts';
import { startEngine } from '../test-support/engine.ts';
import { loadTarget } from './load-target.ts';

async function loading(objects = [configMap('a')]) {
  const engine = await startEngine({ objects });
  const step = loadTarget({ loader: engine.loader, refreshIntervalMs: () => 120_000, clock: () => engine.now });
  const load = async (level: Parameters<typeof engine.newPass>[0]) => {
    const pass = engine.newPass(level);
    const stopped = await step(pass);
    return { pass, stopped };
  };
  return { engine, load, step };
}

it('resolves and renders what it does not know yet, at any level', async () => {
  const { engine, load } = await loading();
  const { pass } = await load(levels.tree);
  expect(engine.repository.log).toEqual(['resolve main', 'render aaaa']);
  expect(pass).toMatchObject({ refreshed: true, target: { revisions: [revisionA] } });
  expect(pass.later).toEqual([{ level: levels.refresh, ms: 120_000 }]);
});

it.each([
  ['goes on with the target at hand', levels.tree, 0, false],
  ['goes on with the target at hand for a comparison', levels.compare, 119_999, false],
  ['resolves again when it is asked to', levels.refresh, 0, true],
  ['resolves again when a person asks', levels.force, 0, true],
  ['resolves again when its time has come', levels.tree, 120_000, true],
])('%s', async (_case, level, elapsedMs, again) => {
  const { engine, load } = await loading();
  await load(levels.refresh);
  engine.repository.push(revisionB, [configMap('a', '2')]);
  engine.now += elapsedMs;
  const { pass } = await load(level);
  expect(pass.refreshed).toBe(again);
  expect(pass.target?.revisions).toEqual([again ? revisionB : revisionA]);
  expect(pass.later).toEqual([{ level: levels.refresh, ms: again ? 120_000 : 120_000 - elapsedMs }]);
});

it.each([
  ['another source', (pass: { sources: unknown }) => Object.assign(pass, { sources: [{ ...source, path: 'api' }] })],
  [
    'another namespace',
    (pass: { facts: object | undefined }) => Object.assign(pass, { facts: { ...pass.facts, namespace: 'other' } }),
  ],
])('resolves again for %s', async (_case, change) => {
  const { engine, load, step } = await loading();
  await load(levels.refresh);
  const pass = engine.newPass(levels.tree);
  change(pass);
  await step(pass);
  expect(pass.refreshed).toBe(true);
});

it('makes a failure a condition that names repository and revision, and judges by nothing', async () => {
  const { engine, load } = await loading();
  await load(levels.refresh);
  engine.repository.failure = new PlumblineError('RENDER_FAILED', 'kustomize: no such file', {
    details: { revision: revisionB },
  });
  const { pass, stopped } = await load(levels.refresh);
  const message = `https://git.example.com/shop.git at main: kustomize: no such file (revision ${revisionB})`;
  expect(pass.findings).toEqual([{ type: 'ComparisonError', message }]);
  expect(pass.target).toBeUndefined();
  expect(stopped).toBeUndefined();
});

it('does not name again what the error names itself', async () => {
  const { engine, load } = await loading();
  engine.repository.failure = new PlumblineError('GIT_AUTH', `${source.repoURL} refuses the credentials`);
  const { pass } = await load(levels.refresh);
  expect(pass.findings.map(({ message }) => message)).toEqual([`${source.repoURL} refuses the credentials`]);
});

it('keeps saying so without asking again, until the back-off is over', async () => {
  const { engine, load } = await loading();
  engine.repository.failure = new PlumblineError('GIT_UNREACHABLE', 'no route', { retry: 'transient' });
  const waits: number[] = [];
  for (let failure = 0; failure < 7; failure += 1) {
    const { pass } = await load(levels.compare);
    waits.push(pass.later[0]?.ms ?? 0);
    engine.repository.log.length = 0;
    const { pass: between } = await load(levels.compare);
    expect(between.findings).toEqual(pass.findings);
    expect(engine.repository.log).toEqual([]);
    engine.now += pass.later[0]?.ms ?? 0;
  }
  expect(waits).toEqual([5_000, 10_000, 20_000, 40_000, 80_000, 120_000, 120_000]);
});

it('recovers by itself, with the target that it had where nothing changed', async () => {
  const { engine, load } = await loading();
  const { pass: before } = await load(levels.refresh);
  engine.repository.failure = new PlumblineError('GIT_UNREACHABLE', 'no route', { retry: 'transient' });
  await load(levels.refresh);
  engine.repository.failure = undefined;
  engine.now += 5_000;
  const { pass } = await load(levels.compare);
  expect(pass.findings).toEqual([]);
  expect(pass.target?.targets).toBe(before.target?.targets);
  expect(pass.later).toEqual([{ level: levels.refresh, ms: 120_000 }]);
  engine.repository.failure = new PlumblineError('GIT_UNREACHABLE', 'no route', { retry: 'transient' });
  const { pass: failed } = await load(levels.refresh);
  expect(failed.later).toEqual([{ level: levels.refresh, ms: 5_000 }]);
});

it('renders anew for a hard refresh', async () => {
  const { engine, load } = await loading();
  await engine.edit({ metadata: { annotations: { 'argocd.argoproj.io/refresh': 'hard' } } });
  await load(levels.force);
  expect(engine.repository.log).toEqual(['resolve main', 'render aaaa anew']);
});

it('stops where the destination is not known', async () => {
  const { engine, step } = await loading();
  const pass = { ...engine.newPass(), destination: undefined };
  expect(await step(pass)).toBe('stop');
  expect(engine.repository.log).toEqual([]);
});

it('looks for a fix of what automation has failed at, ever more rarely', async () => {
  const { engine, load } = await loading();
  await load(levels.refresh);
  const finishedAt = new Date(engine.now).toISOString();
  const failed = { phase: 'Failed', startedAt: finishedAt, finishedAt, operation: { sync: {} } };
  await engine.edit({
    spec: { ...engine.app.spec, syncPolicy: { automated: {} } },
    status: { operationState: failed },
  });
  const looks: number[] = [];
  for (let check = 0; check < 5; check += 1) {
    const { pass } = await load(levels.tree);
    looks.push(pass.later[0]?.ms ?? 0);
    engine.now += pass.later[0]?.ms ?? 0;
  }
  expect(looks).toEqual([10_000, 10_000, 20_000, 40_000, 80_000]);
});
