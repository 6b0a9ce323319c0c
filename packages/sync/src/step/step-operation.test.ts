import { describe, expect, test } from 'vitest';
import { added, changed, object, removed, same, widgetDefinition } from '../testing/builders.ts';
import { World } from '../testing/world.ts';

const map = (name: string, notes?: Record<string, string>) => object(`ConfigMap/${name}`, notes);
const gate = (name: string, notes?: Record<string, string>) => {
  const service = object(`Service/${name}`, notes);
  return { ...service, spec: { type: 'LoadBalancer' } };
};
const noDryRun = { request: { skipDryRun: true } };

describe('an operation', () => {
  test('applies kind by kind, objects of one kind side by side', () => {
    const world = new World([added(object('Service/web')), added(map('b')), added(map('a'))], noDryRun);
    expect(world.run()).toMatchObject({ phase: 'Succeeded', message: 'successfully synced (all tasks run)' });
    expect(world.batches).toEqual([['apply ConfigMap/a', 'apply ConfigMap/b'], ['apply Service/web']]);
    expect(world.outcomes()).toEqual({
      a: 'Synced/Running configmap/a serverside-applied',
      b: 'Synced/Running configmap/b serverside-applied',
      web: 'Synced/Running service/web serverside-applied',
    });
  });

  test('asks the server about everything before it writes anything', () => {
    const world = new World([added(map('a')), added(map('b', { wave: '1' }))]);
    world.run();
    expect(world.batches[0]).toEqual(['dry-run ConfigMap/a', 'dry-run ConfigMap/b']);
  });

  test('reports what is in order without a request', () => {
    const world = new World([same(map('a')), changed(object('Deployment/web'))]);
    expect(world.run().phase).toBe('Succeeded');
    expect(world.log).toEqual(['dry-run apps/Deployment/web', 'apply apps/Deployment/web']);
    expect(world.outcomes()).toEqual({
      a: 'Synced/Running configmap/a unchanged',
      web: 'Synced/Running deployment.apps/web serverside-applied',
    });
  });

  test('replaces what is in order when an option says so', () => {
    const world = new World([same(map('a', { options: 'Replace=true' }))], noDryRun);
    world.run();
    expect(world.log).toEqual(['apply ConfigMap/a']);
  });

  test('does not wait for the health of its last wave', () => {
    const world = new World([added(gate('front'))], noDryRun);
    expect(world.run().phase).toBe('Succeeded');
  });

  test('without tasks succeeds', () => {
    expect(new World([]).run()).toMatchObject({
      phase: 'Succeeded',
      message: 'successfully synced (no more tasks)',
      actions: [],
    });
  });

  test('applies a definition before the objects of its kind', () => {
    const world = new World([added(widgetDefinition), added(object('Widget/w'))]);
    world.run();
    expect(world.log).toEqual([
      'dry-run apiextensions.k8s.io/CustomResourceDefinition/widgets.example.org',
      'apply apiextensions.k8s.io/CustomResourceDefinition/widgets.example.org',
      'apply example.org/Widget/w',
    ]);
  });

  test('with a task that can never run applies nothing and names the reason', () => {
    const world = new World([added(map('good')), added(object('Widget/w'))]);
    const end = world.run();
    expect(end.phase).toBe('Failed');
    expect(end.message).toMatch(/^one or more synchronization tasks are not valid, reason: .*Widget/);
    expect(world.log).toEqual([]);
    expect(world.progress.results).toMatchObject([{ kind: 'Widget', name: 'w', status: 'SyncFailed' }]);
  });
});

describe('waves', () => {
  const waves = [added(gate('first')), added(map('second', { wave: '1' })), added(gate('third', { wave: '2' }))];

  test('wait until the wave before is healthy', () => {
    const world = new World(waves, noDryRun);
    expect(world.run()).toMatchObject({ message: 'waiting for healthy state of /Service/first', actions: [] });
    expect(world.names()).toEqual(['first']);
    world.health.first = 'Healthy';
    expect(world.run().phase).toBe('Succeeded');
    expect(world.log).toEqual(['apply Service/first', 'apply ConfigMap/second', 'apply Service/third']);
    expect(world.result('first')?.hookPhase).toBe('Succeeded');
  });

  test('have a pause between them, but none after the last', () => {
    const world = new World(waves, { ...noDryRun, health: { first: 'Healthy' } });
    const start = world.now;
    world.run();
    expect(world.now - start).toBe(4000);
  });

  test('take the pause that the request asks for', () => {
    const world = new World(waves, { request: { skipDryRun: true, waveDelayMs: 7 }, health: { first: 'Healthy' } });
    const start = world.now;
    world.run();
    expect(world.now - start).toBe(14);
  });

  test('in which nothing was written need no pause', () => {
    const world = new World([same(map('first')), added(map('second', { wave: '1' }))], noDryRun);
    const start = world.now;
    world.run();
    expect(world.now).toBe(start);
  });

  test('do not take the health before a write for the health after it', () => {
    const world = new World([changed(object('Deployment/web')), added(map('next', { wave: '1' }))], {
      ...noDryRun,
      health: { web: 'Degraded' },
    });
    world.step();
    expect(world.step()).toMatchObject({
      message: 'waiting for healthy state of apps/Deployment/web',
      requeueAfterMs: 2000,
    });
    world.health.web = 'Healthy';
    expect(world.run().phase).toBe('Succeeded');
  });

  test('after a degraded one do not run', () => {
    const world = new World(waves, { ...noDryRun, health: { first: 'Degraded' } });
    expect(world.run()).toMatchObject({
      phase: 'Failed',
      message: 'one or more synchronization tasks completed unsuccessfully, reason: first is Degraded',
    });
    expect(world.names()).toEqual(['first']);
  });

  test('fail when an object they wait for is gone', () => {
    const world = new World(waves, noDryRun);
    world.run();
    world.letGo('first');
    expect(world.run()).toMatchObject({ phase: 'Failed' });
    expect(world.outcomes().first).toBe('Synced/Error Resource /Service/first is missing, it might have been deleted');
  });

  test('name a few of many that are waited for', () => {
    const gates = ['a', 'b', 'c', 'd', 'e'].map((name) => added(gate(name)));
    const world = new World([...gates, added(map('next', { wave: '1' }))], noDryRun);
    expect(world.run().message).toBe(
      'waiting for healthy state of /Service/a, /Service/b, /Service/c and 2 more resources',
    );
  });
});

describe('a refusal', () => {
  test('by the dry run leaves everything unwritten', () => {
    const world = new World([added(map('a')), added(map('bad', { wave: '3' }))], { refuses: { bad: 'port 70000' } });
    expect(world.run()).toMatchObject({
      phase: 'Failed',
      message: 'one or more objects failed to apply (dry run), reason: port 70000',
    });
    expect(world.names()).toEqual([]);
    expect(world.outcomes()).toEqual({ bad: 'SyncFailed/- port 70000' });
  });

  test('of a later phase shows when that phase begins', () => {
    const world = new World([added(map('pre', { hook: 'PreSync' })), added(map('bad'))], { refuses: { bad: 'no' } });
    expect(world.run().phase).toBe('Failed');
    expect(world.log).toEqual([
      'dry-run ConfigMap/pre',
      'apply ConfigMap/pre',
      'release-hook ConfigMap/pre',
      'dry-run ConfigMap/bad',
    ]);
  });

  test('in a wave lets the rest of the wave be applied, and no later one', () => {
    const world = new World([added(map('bad')), added(object('Service/rest')), added(map('later', { wave: '1' }))], {
      refusesWrite: { bad: 'conflict' },
    });
    expect(world.run()).toMatchObject({
      phase: 'Failed',
      message: 'one or more synchronization tasks completed unsuccessfully, reason: conflict',
    });
    expect(world.names()).toEqual(['rest']);
    expect(world.outcomes()).toMatchObject({ bad: 'SyncFailed/Failed conflict' });
  });

  test('of the namespace ends the operation at once', () => {
    const request = { namespaceExists: false, syncOptions: ['CreateNamespace=true'] };
    const world = new World([added(map('a')), added(map('pre', { hook: 'PreSync' }))], {
      request,
      refuses: { web: 'forbidden' },
    });
    expect(world.run()).toMatchObject({ phase: 'Failed', message: 'the namespace failed to apply, reason: forbidden' });
    expect(world.log).toEqual(['apply Namespace/web']);
  });

  test('does not wait for the health of what was applied beside it', () => {
    const world = new World([added(map('bad')), added(gate('slow'))], { ...noDryRun, refuses: { bad: 'no' } });
    expect(world.run().phase).toBe('Failed');
  });
});

describe('a missing namespace', () => {
  test('is created before the server judges what lives in it, and needs no pause', () => {
    const request = { namespaceExists: false, syncOptions: ['CreateNamespace=true'] };
    const world = new World([added(map('a'))], { request });
    const start = world.now;
    expect(world.run().phase).toBe('Succeeded');
    expect(world.batches).toEqual([['apply Namespace/web'], ['dry-run ConfigMap/a'], ['apply ConfigMap/a']]);
    expect(world.now).toBe(start);
    expect(world.outcomes().web).toBe('Synced/Succeeded namespace/web serverside-applied');
  });
});

describe('pruning', () => {
  test('runs side by side and is reported', () => {
    const world = new World([removed(map('a')), removed(object('Service/b')), same(map('keep'))]);
    expect(world.run().phase).toBe('Succeeded');
    expect(world.batches).toEqual([['prune ConfigMap/a', 'prune Service/b']]);
    expect(world.outcomes()).toMatchObject({ a: 'Pruned/Succeeded pruned', b: 'Pruned/Succeeded pruned' });
  });

  test.each([
    ['not asked for', { prune: false }, map('a'), 'PruneSkipped/Succeeded ignored (requires pruning)'],
    ['forbidden', {}, map('a', { options: 'Prune=false' }), 'PruneSkipped/Succeeded ignored (no prune)'],
    [
      'forbidden, by Helm',
      {},
      map('a', { 'helm.sh/resource-policy': 'keep' }),
      'PruneSkipped/Succeeded ignored (no prune)',
    ],
  ])('that is %s is skipped, which is no failure', (_, request, live, outcome) => {
    const world = new World([removed(live)], { request });
    expect(world.run().phase).toBe('Succeeded');
    expect([world.log, world.outcomes()]).toEqual([[], { a: outcome }]);
  });

  test('goes wave by wave, each gone before the next', () => {
    const world = new World([removed(map('zero')), removed(map('one', { wave: '1' }))], { held: ['one'] });
    expect(world.run().message).toBe('waiting for deletion of /ConfigMap/one');
    world.letGo('one');
    expect(world.run().phase).toBe('Succeeded');
    expect(world.log).toEqual(['prune ConfigMap/one', 'prune ConfigMap/zero']);
  });

  test('last waits for health', () => {
    const world = new World([added(gate('front')), removed(map('old', { options: 'PruneLast=true' }))]);
    expect(world.run().message).toBe('waiting for healthy state of /Service/front');
    world.health.front = 'Healthy';
    expect(world.run().phase).toBe('Succeeded');
    expect(world.names()).toEqual(['front']);
  });

  test('to be confirmed holds its whole wave until it is approved', () => {
    const pairs = [removed(map('old', { options: 'Prune=confirm' })), added(map('new')), removed(map('plain'))];
    const world = new World(pairs, noDryRun);
    expect(world.run()).toMatchObject({ message: 'waiting for pruning confirmation of /ConfigMap/old', actions: [] });
    expect(world.log).toEqual([]);
    world.options.deletionApproved = '2025-12-31T23:59:59Z';
    expect(world.run().phase).toBeUndefined();
    world.options.deletionApproved = '2026-01-01T00:00:00Z';
    expect(world.run().phase).toBe('Succeeded');
    expect(world.names()).toEqual(['new']);
  });

  test('that the server refuses fails the operation', () => {
    const world = new World([removed(map('old'))], { refuses: { old: 'forbidden' } });
    expect(world.run().phase).toBe('Failed');
    expect(world.outcomes()).toEqual({ old: 'SyncFailed/Failed forbidden' });
  });
});

describe('a dry run of the whole operation', () => {
  test('changes nothing and says what would be', () => {
    const pairs = [added(map('new')), changed(map('old')), same(map('same')), removed(map('gone'))];
    const world = new World(pairs, { request: { dryRun: true } });
    expect(world.run()).toMatchObject({ phase: 'Succeeded', message: 'successfully synced (dry run)' });
    expect(world.log).toEqual(['dry-run ConfigMap/new', 'dry-run ConfigMap/old']);
    expect(world.outcomes()).toEqual({
      new: 'Synced/Succeeded configmap/new serverside-applied (dry run)',
      old: 'Synced/Succeeded configmap/old serverside-applied (dry run)',
      same: 'Synced/Succeeded configmap/same unchanged (dry run)',
      gone: 'Pruned/Succeeded pruned (dry run)',
    });
  });

  test('fails where the server refuses', () => {
    const world = new World([added(map('bad'))], { request: { dryRun: true }, refuses: { bad: 'no' } });
    expect(world.run()).toMatchObject({ phase: 'Failed', message: 'one or more objects failed to apply (dry run)' });
  });
});
