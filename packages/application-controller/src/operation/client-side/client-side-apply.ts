import { annotations } from '@plumbline/apis';
import type { KubeClient } from '@plumbline/cluster';
import { hasCode } from '@plumbline/errors';
import { annotation, type KubeObject, keyOf, normalizeSecret, parseJson, stringifyJson } from '@plumbline/manifests';
import type { AppliedVerb } from '@plumbline/sync';
import { fieldManager } from '../../field-manager.ts';
import { refOf } from '../../object-ref.ts';
import { handBack, isOurApply } from '../migrate-ownership.ts';
import { ownedPart } from './applied-fields.ts';
import { mergeSchemaOf, plainSchema } from './merge-schema.ts';
import { threeWayPatch } from './three-way-patch.ts';

/** What a client-side apply came to. */
export interface ClientSideApplied {
  object: KubeObject;
  verb: AppliedVerb;
}

const attempts = 3;

/**
 * Applies as `kubectl apply` and Argo CD without server-side apply do (`ServerSideApply=false`): the manifest is noted in
 * the annotation last-applied-configuration, and a patch is made from it, the new manifest and the live object. Fields
 * that our server-side apply owns count as applied before, and are handed back.
 */
export async function clientSideApply(
  client: KubeClient,
  object: KubeObject,
  options: { dryRun?: boolean } = {},
): Promise<ClientSideApplied> {
  const ref = refOf(keyOf(object), object.apiVersion);
  for (let attempt = 1; ; attempt += 1) {
    try {
      const live = await client.find(ref);
      if (live) return await patchLive(client, { object, live, ...options });
      return { object: await client.create(withNote(object), { fieldManager, ...options }), verb: 'created' };
    } catch (error) {
      const changed = ['KUBE_CONFLICT', 'KUBE_ALREADY_EXISTS', 'KUBE_NOT_FOUND'].some((code) => hasCode(error, code));
      if (!changed || attempt >= attempts) throw error;
    }
  }
}

async function patchLive(
  client: KubeClient,
  { object, live, dryRun }: { object: KubeObject; live: KubeObject; dryRun?: boolean },
): Promise<ClientSideApplied> {
  const schema = await mergeSchemaOf(client, object);
  const sides = { original: appliedBefore(live), modified: withNote(object), current: live };
  const patch = threeWayPatch(sides, schema ?? plainSchema);
  const current = dryRun ? live : await handBack(live, client);
  if (!patch) return { object: current, verb: 'unchanged' };
  const ref = refOf(keyOf(object), object.apiVersion);
  const type = schema ? 'strategic' : 'merge';
  const answer = await client.patch(ref, patch, { type, fieldManager, ...(dryRun ? { dryRun } : {}) });
  return { object: answer, verb: 'configured' };
}

/** The manifest with the note that the next client-side apply goes by. */
export function withNote(object: KubeObject): KubeObject {
  const { [annotations.lastApplied]: _former, ...others } = object.metadata.annotations ?? {};
  const noted = { ...object, metadata: { ...object.metadata, annotations: others } };
  const note = `${stringifyJson(noted)}\n`;
  return { ...noted, metadata: { ...noted.metadata, annotations: { ...others, [annotations.lastApplied]: note } } };
}

/** What was applied the last time: by the note, and by what our server-side apply owns. */
function appliedBefore(live: KubeObject): unknown {
  const note = annotation(live, annotations.lastApplied);
  const noted = note === undefined ? {} : readNote(note);
  const entry = live.metadata.managedFields?.find(isOurApply);
  return entry ? unite(ownedPart(live, entry), noted) : noted;
}

/** Somebody may have written something else there: then nothing is known. */
function readNote(note: string): unknown {
  try {
    const noted = parseJson(note) as KubeObject;
    // The server keeps what stringData says in data: there it is to go from.
    return noted.kind === 'Secret' ? normalizeSecret(noted) : noted;
  } catch {
    return {};
  }
}

/** Members of both; lists of both in one, the entries of the first one counting. */
function unite(a: unknown, b: unknown): unknown {
  if (Array.isArray(a) && Array.isArray(b)) return [...a, ...b];
  if (!isRecord(a) || !isRecord(b)) return a ?? b;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Object.fromEntries([...names].map((name) => [name, unite(a[name], b[name])]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
