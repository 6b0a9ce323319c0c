import type { LiveNode, SecretMask } from '@plumbline/cluster';
import { joinApiVersion, type KubeObject } from '@plumbline/manifests';
import { applicable } from '@plumbline/diff';
import { LRUCache } from 'lru-cache';
import { compareState, unknownState } from '../compare/compare-state.ts';
import { fieldManager, type Predict } from '../compare/resource-comparer.ts';
import type { Destination } from '../destination/destinations.ts';
import type { Pass, Step } from '../pass.ts';

export interface CompareStepOptions {
  mask: SecretMask;
  /** Target Secrets with their real values: a dry run must show the server what an apply would. */
  secretsOf(pass: Pass): Promise<Map<string, KubeObject>>;
  predict(pass: Pass, destination: Destination): Predict;
}

/** Compares target with live state; where the target is not known, nothing is judged. */
export function compare(options: CompareStepOptions): Step {
  const bodies = new LRUCache<string, KubeObject>({ max: 500 });
  return async (pass) => {
    const { destination, target } = pass;
    if (!destination || !target) return undefined;
    pass.comparison = await compareState({
      app: pass.app,
      application: pass.application,
      target,
      live: destination.live,
      comparer: pass.runtime.comparer,
      rules: pass.rules,
      predict: options.predict(pass, destination),
      bodyOf: (node) => bodyOf(node, destination, options.mask, bodies),
    });
    pass.findings.push(...pass.comparison.shared.map((message) => ({ type: 'SharedResourceWarning', message })));
    for (const key of target.repeated) {
      const message = `Resource ${key.group}/${key.kind}/${key.namespace}/${key.name} appeared 2 times among application resources.`;
      pass.findings.push({ type: 'RepeatedResourceWarning', message });
    }
    return undefined;
  };
}

/** What a pass that could not compare reports. */
export function unknownComparison(pass: Pass): NonNullable<Pass['comparison']> {
  return unknownState(pass.application, pass.destination?.live);
}

/** The object of a node that the cache keeps only the metadata of, read once for each version of it. */
async function bodyOf(
  node: LiveNode,
  { client, server }: Destination,
  mask: SecretMask,
  bodies: LRUCache<string, KubeObject>,
): Promise<KubeObject | undefined> {
  const id = `${server} ${node.uid} ${node.resourceVersion}`;
  const known = bodies.get(id);
  if (known) return known;
  const { group, kind, namespace, name } = node.key;
  const found = await client.find({ apiVersion: joinApiVersion(group, node.version), kind, name, ...(namespace ? { namespace } : {}) });
  if (!found) return undefined;
  const masked = mask.mask(found);
  bodies.set(id, masked);
  return masked;
}

/** The server's answer to a server-side dry run of the target, values of Secrets masked. */
export async function dryRun(target: KubeObject, { client }: Destination, mask: SecretMask): Promise<KubeObject> {
  return mask.mask(await client.apply(applicable(target), { fieldManager, force: true, dryRun: true }));
}
