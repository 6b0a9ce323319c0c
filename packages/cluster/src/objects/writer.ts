import { isSecret, type KubeObject, parseJson, stringifyJson } from '@plumbline/manifests';
import type { Resolve } from '../discovery/discovery.ts';
import { scrubSecretError } from '../secrets/secret-scrub.ts';
import type { Call } from '../transport/call.ts';
import type { Transport } from '../transport/transport.ts';
import type { KubeClient, ObjectRef, PatchType } from '../types.ts';
import { objectPath, query, writePath } from './paths.ts';

const patchTypes: Record<PatchType, string> = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
};

function dryRunOf(dryRun: boolean | undefined): 'All' | undefined {
  return dryRun ? 'All' : undefined;
}

function refOf(object: KubeObject): ObjectRef {
  const { name = '', namespace } = object.metadata;
  return { apiVersion: object.apiVersion, kind: object.kind, name, ...(namespace ? { namespace } : {}) };
}

/** Sends a body and reads the object in the answer; what a Secret's body holds never gets into the error. */
async function write(
  transport: Transport,
  call: Call,
  sent: { kind: string; apiVersion: string; body: unknown },
): Promise<KubeObject> {
  try {
    return parseJson((await transport.send({ ...call, body: stringifyJson(sent.body) })).text) as KubeObject;
  } catch (error) {
    throw isSecret(sent) ? scrubSecretError(error, sent.body) : error;
  }
}

function createApply(transport: Transport, resolve: Resolve): KubeClient['apply'] {
  return async (object, { fieldManager, force, dryRun, fieldValidation = 'Ignore', signal }) => {
    const parameters = { fieldManager, force, dryRun: dryRunOf(dryRun), fieldValidation };
    const path = objectPath(await resolve(object), refOf(object)) + query(parameters);
    const call = {
      verb: dryRun ? 'apply-dry-run' : 'apply',
      method: 'PATCH',
      path,
      contentType: 'application/apply-patch+yaml',
      signal,
      retry: 'idempotent',
    } as const;
    return write(transport, call, { ...refOf(object), body: object });
  };
}

function createDelete(transport: Transport, resolve: Resolve): KubeClient['delete'] {
  return async (ref, { propagationPolicy, uid, dryRun, gracePeriodSeconds, signal }) => {
    const path = objectPath(await resolve(ref), ref);
    const body = stringifyJson({
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      propagationPolicy,
      ...(uid === undefined ? {} : { preconditions: { uid } }),
      ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
      ...(dryRun ? { dryRun: ['All'] } : {}),
    });
    const retry = uid === undefined ? 'refused' : 'idempotent';
    const answer = await transport.send({ verb: 'delete', method: 'DELETE', path, body, signal, retry });
    const result = parseJson(answer.text) as KubeObject;
    return result.kind === 'Status' ? null : result;
  };
}

/** The writing part of a client. */
export function createWriter(
  transport: Transport,
  resolve: Resolve,
): Pick<KubeClient, 'create' | 'replace' | 'apply' | 'patch' | 'delete'> {
  return {
    create: async (object, { fieldManager, dryRun, signal } = {}) => {
      const parameters = query({ fieldManager, dryRun: dryRunOf(dryRun) });
      const path = writePath(await resolve(object), object.metadata.namespace) + parameters;
      const call = { verb: 'create', method: 'POST', path, signal, retry: 'refused' } as const;
      return write(transport, call, { ...refOf(object), body: object });
    },
    replace: async (object, { fieldManager, dryRun, signal } = {}) => {
      const parameters = query({ fieldManager, dryRun: dryRunOf(dryRun) });
      const path = objectPath(await resolve(object), refOf(object)) + parameters;
      const call = { verb: 'replace', method: 'PUT', path, signal, retry: 'refused' } as const;
      return write(transport, call, { ...refOf(object), body: object });
    },
    apply: createApply(transport, resolve),
    patch: async (ref, patch, { type, fieldManager, dryRun, signal }) => {
      const parameters = query({ fieldManager, dryRun: dryRunOf(dryRun) });
      const subresource = ref.subresource ? `/${ref.subresource}` : '';
      const path = objectPath(await resolve(ref), ref) + subresource + parameters;
      // A JSON merge patch has the same effect twice; the others may not.
      const retry = type === 'merge' ? 'idempotent' : 'refused';
      const call = { verb: 'patch', method: 'PATCH', path, contentType: patchTypes[type], signal, retry } as const;
      return write(transport, call, { ...ref, body: patch });
    },
    delete: createDelete(transport, resolve),
  };
}
