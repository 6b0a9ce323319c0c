import type { ExplainedDifference, FieldDifference, IgnoreRuleText, ManagedResource } from '@plumbline/protocol';
import { age } from './age.ts';

interface Style {
  dim: (text: string) => string;
  now: Date;
  /** Colours of the two sides; default none. */
  live?: (text: string) => string;
  target?: (text: string) => string;
}

const plain = (text: string): string => text;

/** Objects that a sync would change, create or prune. */
export function differing(items: ManagedResource[]): ManagedResource[] {
  return items.filter((item) => !item.hook && (item.modified || item.targetState === '' || item.liveState === ''));
}

/** A value on one line; "(none)" for a field that is not there. */
function valueText(value: unknown): string {
  return value === undefined ? '(none)' : JSON.stringify(value);
}

function fieldText({ path, target, live, manager, time }: FieldDifference, style: Style): string {
  const { dim, now, live: ofLive = plain, target: ofTarget = plain } = style;
  const writer = manager ? dim(`  written by ${manager}${time ? ` ${age(time, now)} ago` : ''}`) : '';
  return `  ${path}\n    live    ${ofLive(valueText(live))}${writer}\n    target  ${ofTarget(valueText(target))}\n`;
}

const causes: Readonly<Record<string, string>> = {
  source: 'the source has changed since the last sync',
  default: 'the API server filled it in',
  'webhook-or-controller': 'an admission webhook or a controller makes it so at every write',
  'rival-manager': 'another program writes the same field',
  'human-edit': 'changed by hand',
  'normal-form': 'another spelling of the same',
  'stale-owner': 'left by a client-side apply; a sync takes it over',
};

function explainedText(difference: ExplainedDifference, style: Style): string {
  const cause = `    cause   ${causes[difference.class] ?? difference.class}\n`;
  const rule = difference.rule ? style.dim(`    ignore  ${ruleText(difference.rule)}`) : '';
  return fieldText(difference, style) + cause + (rule ? `${rule}\n` : '');
}

/** An entry of `spec.ignoreDifferences` on one line: JSON is YAML. */
function ruleText(rule: IgnoreRuleText): string {
  return JSON.stringify(rule);
}

/** One object's differences under its heading, with what caused them where the server tells. */
export function diffText(item: ManagedResource, style: Style): string {
  const { group, kind, namespace, name } = item;
  const heading = `===== ${group ? `${group}/` : ''}${kind} ${namespace ? `${namespace}/` : ''}${name} =====\n`;
  if (item.liveState === '') return `${heading}  not in the cluster: a sync would create it\n`;
  if (item.targetState === '') return `${heading}  not in the source: a sync with prune would delete it\n`;
  const explained = item.explanation?.filter(({ counts }) => counts) ?? [];
  if (explained.length > 0) return heading + explained.map((difference) => explainedText(difference, style)).join('');
  return heading + item.differences.map((difference) => fieldText(difference, style)).join('');
}
