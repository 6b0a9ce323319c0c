import type { FieldDifference, ManagedResource } from '@plumbline/protocol';
import { age } from './age.ts';

interface Style {
  dim: (text: string) => string;
  now: Date;
}

/** Objects that a sync would change, create or prune. */
export function differing(items: ManagedResource[]): ManagedResource[] {
  return items.filter((item) => !item.hook && (item.modified || item.targetState === '' || item.liveState === ''));
}

/** A value on one line; "(none)" for a field that is not there. */
function valueText(value: unknown): string {
  return value === undefined ? '(none)' : JSON.stringify(value);
}

function fieldText({ path, target, live, manager, time }: FieldDifference, { dim, now }: Style): string {
  const writer = manager ? dim(`  written by ${manager}${time ? ` ${age(time, now)} ago` : ''}`) : '';
  return `  ${path}\n    live    ${valueText(live)}${writer}\n    target  ${valueText(target)}\n`;
}

/** One object's differences under its heading. */
export function diffText(item: ManagedResource, style: Style): string {
  const { group, kind, namespace, name } = item;
  const heading = `===== ${group ? `${group}/` : ''}${kind} ${namespace ? `${namespace}/` : ''}${name} =====\n`;
  if (item.liveState === '') return `${heading}  not in the cluster: a sync would create it\n`;
  if (item.targetState === '') return `${heading}  not in the source: a sync with prune would delete it\n`;
  return heading + item.differences.map((difference) => fieldText(difference, style)).join('');
}
