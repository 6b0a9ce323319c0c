import { type Application, applicationSchema } from '@plumbline/apis';
import { parseJson } from '@plumbline/manifests';
import jsonPatch from 'fast-json-patch';
import { z } from 'zod';
import { apiFailure } from '../http/api-failure.ts';

const operation = z.object({
  op: z.enum(['add', 'remove', 'replace', 'move', 'copy', 'test']),
  path: z.string(),
  from: z.string().optional(),
  value: z.unknown().optional(),
});

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** JSON merge patch (RFC 7396). */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const result = new Map(Object.entries(isObject(target) ? target : {}));
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) result.delete(name);
    else result.set(name, mergePatch(result.get(name), value));
  }
  return Object.fromEntries(result);
}

function parsePatch(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    throw apiFailure('InvalidArgument', 'patch is not valid JSON', error);
  }
}

function jsonPatched(target: unknown, patch: unknown): unknown {
  const operations = z.array(operation).parse(patch) as Parameters<typeof jsonPatch.applyPatch>[1];
  try {
    return jsonPatch.applyPatch(structuredClone(target), [...operations], true).newDocument;
  } catch (error) {
    const [reason = ''] = error instanceof Error ? error.message.split('\n') : [];
    throw apiFailure('InvalidArgument', `the JSON patch cannot be applied: ${reason}`, error);
  }
}

/** The Application with a JSON patch or merge patch applied, validated. */
export function patched(
  application: Application,
  request: { patch: string; patchType: 'json' | 'merge' },
): Application {
  const patch = parsePatch(request.patch);
  const result = request.patchType === 'json' ? jsonPatched(application, patch) : mergePatch(application, patch);
  const next = applicationSchema.parse(result);
  if (next.metadata.name !== application.metadata.name) {
    throw apiFailure('InvalidArgument', 'a patch cannot change metadata.name');
  }
  return next;
}
