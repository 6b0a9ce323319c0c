import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { normalize } from '@plumbline/diff';
import { hasCode } from '@plumbline/errors';
import { type KubeObject, parseManifests } from '@plumbline/manifests';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mutated } from '../test-support/mutations.ts';
import { OpenApiFields } from '../test-support/openapi-fields.ts';
import { Random } from '../test-support/random.ts';
import { kindName, openZoo, type Zoo } from '../test-support/zoo.ts';
import { zooWriter } from '../test-support/zoo-writer.ts';

/** More rounds find more: the seeds go on from the last one. */
const rounds = Number(process.env['PLUMBLINE_PREDICTION_ROUNDS'] ?? 1);
const firstSeed = Number(process.env['PLUMBLINE_PREDICTION_SEED'] ?? 1);
/** Kinds that other objects of the test depend on, or that other controllers write all the time. */
const leftOut = new Set([
  'APIService',
  'CustomResourceDefinition',
  'Namespace',
  'ResourceQuota',
  'LimitRange',
  'PersistentVolume',
]);

const bases = ['built-in.yaml', 'other-kinds.yaml']
  .map((name) => join(import.meta.dirname, '../../testdata/zoo', name))
  .flatMap((file) => parseManifests(readFileSync(file, 'utf8'), { file }).objects)
  .filter(({ kind }) => !leftOut.has(kind));

let zoo: Zoo;
let fields: OpenApiFields;

beforeAll(async () => {
  zoo = await openZoo();
  fields = new OpenApiFields(zoo.client);
}, 600_000);

afterAll(async () => {
  await zoo?.[Symbol.asyncDispose]();
});

/** Whether the server takes it; what it refuses is no case. */
async function accepted<T>(attempt: () => Promise<T>): Promise<T | undefined> {
  try {
    return await attempt();
  } catch (error) {
    if (
      ['KUBE_INVALID', 'KUBE_FORBIDDEN', 'KUBE_ERROR', 'KUBE_CONFLICT', 'KUBE_UNAVAILABLE'].some((code) =>
        hasCode(error, code),
      )
    )
      return undefined;
    throw error;
  }
}

const dryRun = (object: KubeObject) =>
  zoo.client.apply(object, { fieldManager: 'argocd-controller', force: true, dryRun: true });

/** The base with up to so many changes that the server accepts. */
async function variant(base: KubeObject, changes: number, random: Random): Promise<KubeObject> {
  let object = base;
  for (let attempt = 0; attempt < changes * 4; attempt += 1) {
    const next = random.chance(0.6) ? await fields.withField(object, random) : mutated(object, random);
    if (await accepted(() => dryRun(next))) object = next;
  }
  return object;
}

/** What a person or program with another manager's name makes of the live object. */
async function drift(target: KubeObject, random: Random): Promise<void> {
  const manager = random.pick(['kubectl-edit', 'operator', 'kubectl-client-side-apply']) ?? 'operator';
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const live = await zoo.client.get({
      apiVersion: target.apiVersion,
      kind: target.kind,
      namespace: target.metadata.namespace ?? '',
      name: target.metadata.name ?? '',
    });
    const next = random.chance(0.5) ? mutated(live, random) : await fields.withField(live, random);
    await accepted(() => zoo.client.replace(next, { fieldManager: manager }));
  }
}

/**
 * Objects that a controller rewrites after the apply, and Services with fields of another type, which the server drops when
 * the type changes and refuses afterwards.
 */
function isUnsteady(object: KubeObject): boolean {
  const { aggregationRule, spec } = object as KubeObject & { spec?: Record<string, unknown> };
  const ofAddress = spec?.['type'] === 'ExternalName' && spec['clusterIP'] !== undefined;
  const ofBalancer = spec?.['type'] !== 'LoadBalancer' && spec?.['allocateLoadBalancerNodePorts'] !== undefined;
  return aggregationRule !== undefined || ofAddress || ofBalancer;
}

/** Without the status, what controllers write at their own time, and ports that a dry run does not reserve. */
function comparable(object: KubeObject): unknown {
  const { status: _status, ...rest } = normalize(object);
  const dropped = new Set(['nodePort', 'healthCheckNodePort', 'deployment.kubernetes.io/revision']);
  return JSON.parse(JSON.stringify(rest, (name, value) => (dropped.has(name) ? undefined : value)));
}

const cases = Array.from({ length: rounds }, (_, round) =>
  bases.map(
    (base, index) => [`${kindName(base)} ${base.metadata.name}`, base, firstSeed + round * 1000 + index] as const,
  ),
).flat();

/** Server-side apply, or now and then another way: with the same outcome each. */
function applyStyle(random: Random) {
  if (random.chance(0.65)) return { rules: {}, sync: (target: KubeObject): Promise<unknown> => zoo.sync(target) };
  const syncOptions = [random.chance(0.7) ? 'ServerSideApply=false' : 'Replace=true'];
  return {
    rules: { syncOptions },
    sync: (target: KubeObject): Promise<unknown> => zooWriter(zoo).write(target, ...syncOptions),
  };
}

it.each(cases)('the prediction for %s is what an apply leaves (%#)', async (_name, base, seed) => {
  const random = new Random(seed);
  const { rules, sync } = applyStyle(random);
  const named = {
    ...base,
    metadata: { ...base.metadata, name: `${base.metadata.name}-${seed}`, annotations: { 'example.org/ours': 'yes' } },
  };
  const before = await variant(await zoo.place(named), 3, random);
  try {
    if (isUnsteady(before) || !(await accepted(() => sync(before)))) return;
    const target = random.chance(0.3) ? before : await variant(before, 2, random);
    if (isUnsteady(target)) return;
    if (random.chance(0.7)) await drift(target, random);
    const verdict = await zoo.compare(target, rules);
    if (!(await accepted(() => sync(target)))) return;
    const { live: after } = await zoo.compare(target, rules);
    const facts = JSON.stringify({
      seed,
      target,
      was: comparable(verdict.live),
      explanation: verdict.explanation.filter((item) => item.counts),
    });
    expect(comparable(verdict.predicted ?? verdict.live), facts).toEqual(comparable(after));
    expect(JSON.stringify(comparable(after)) !== JSON.stringify(comparable(verdict.live)), facts).toBe(
      verdict.outOfSync,
    );
    expect((await zoo.compare(target, rules)).outOfSync, facts).toBe(false);
  } finally {
    await zoo.remove(before);
  }
});
