import type { SyncTask } from '@plumbline/sync';
import { shortRefusal } from './refusal-diff.ts';

const immutable =
  /field is immutable|is immutable after creation|may not change once set|updates to .* (?:are|is) forbidden|(?:updates|update) to .*spec.* for fields other than|may not change fields other than|primary clusterIP can not be unset|is immutable\b/i;
const kindsThatStay = ['Namespace', 'CustomResourceDefinition', 'PersistentVolumeClaim', 'PersistentVolume'];

/**
 * The server's refusal with what would help: the field that cannot be changed and the option that recreates the object,
 * a missing definition, an annotation that is too long (reference §2.4).
 */
export function explainRefusal(message: string, task: Pick<SyncTask, 'key' | 'options'>): string {
  const { text, fields } = shortRefusal(message, fieldsOf(message).at(-1) ?? 'spec');
  const hint = immutableHint(text, task, fields) ?? missingKindHint(text, task) ?? tooLongHint(text);
  return hint ? `${text} (${hint})` : text;
}

function immutableHint(
  message: string,
  { key, options }: Pick<SyncTask, 'key' | 'options'>,
  changed: readonly string[],
): string | undefined {
  if (!immutable.test(message) || (options.force && !kindsThatStay.includes(key.kind))) return undefined;
  const what = (changed.length > 0 ? changed : fieldsOf(message)).join(', ') || 'such a field';
  if (kindsThatStay.includes(key.kind))
    return `${what} cannot be changed in place, and deleting the ${key.kind} would lose what it holds: take the change back, or move to a new ${key.kind}`;
  if (options.replace)
    return `${what} cannot be changed in place. Replace=true sends the manifest without what the cluster has filled in: without that option only what differs is applied; with Force=true beside it, the object is deleted and made anew`;
  return `${what} cannot be changed in place: the sync option Force=true on the object, or a sync with force, deletes it and makes it anew`;
}

/** The fields that a refusal names: `spec.selector` of `Deployment.apps "web" is invalid: spec.selector: Invalid value: …`. */
export function fieldsOf(message: string): string[] {
  const found = message.matchAll(/(?:^|[\s[(])((?:[a-zA-Z]\w*)(?:\.\w+|\[[^\]]*\])*): (?:Invalid value|Forbidden)/g);
  return [...new Set([...found].map(([, field = '']) => field))];
}

function missingKindHint(message: string, { key }: Pick<SyncTask, 'key'>): string | undefined {
  if (!/no matches for kind|the server could not find the requested resource/.test(message)) return undefined;
  return `make sure that the CustomResourceDefinition of "${key.kind}" is installed on the destination cluster; the sync option SkipDryRunOnMissingResource=true helps where this sync brings it`;
}

function tooLongHint(message: string): string | undefined {
  if (!/annotations: Too long/.test(message)) return undefined;
  return 'client-side apply notes the manifest in an annotation: use the sync option ServerSideApply=true or Replace=true';
}
