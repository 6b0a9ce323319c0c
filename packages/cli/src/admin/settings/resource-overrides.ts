import { deletePaths, dropIgnored, type IgnoreRuleSpec, matchingRules } from '@plumbline/diff';
import { createActions, createHealth } from '@plumbline/health';
import { type KubeObject, parseYaml } from '@plumbline/manifests';
import { pairMap } from '../../app/definition/pairs.ts';
import { Fatal } from '../../fatal.ts';
import { printData } from '../../output/print-data.ts';
import { table } from '../../output/table.ts';
import { fileOf } from '../../read-file.ts';
import type { Terminal } from '../../terminal.ts';
import { changedFields } from './changed-fields.ts';
import { loadSettings, type SettingsSource } from './load-settings.ts';

async function objectOf(path: string): Promise<KubeObject> {
  const value = parseYaml((await fileOf(path, 'manifest')) ?? '', { file: path }) as KubeObject | null;
  if (typeof value === 'object' && value !== null && typeof value.kind === 'string' && value.metadata) return value;
  throw new Fatal(`${path} holds no manifest`, { exitCode: 1 });
}

/** Settings are optional here: without any the bundled rules are shown. */
async function rulesOf(options: SettingsSource) {
  const named = options.argocdCmPath || options.argocdSecretPath || options.loadClusterSettings;
  return named ? (await loadSettings(options)).control : undefined;
}

/** `plumb admin settings resource-overrides health`. */
export async function showHealth(terminal: Terminal, path: string, options: SettingsSource): Promise<void> {
  const object = await objectOf(path);
  const health = await createHealth((await rulesOf(options))?.healthRules ?? []);
  const found = health.assess(object);
  if (!found) terminal.out(`${object.kind} has no health\n`);
  else terminal.out(`STATUS: ${found.status}\nMESSAGE: ${found.message ?? ''}\n`);
}

/** The object without the fields that the rules leave out. */
async function without(object: KubeObject, rules: readonly IgnoreRuleSpec[]): Promise<KubeObject> {
  const matching = matchingRules(object, rules);
  const { live } = dropIgnored({ target: object, live: object }, matching);
  const expressions = matching.flatMap((rule) => rule.jqPathExpressions);
  if (expressions.length === 0) return live;
  const { raw } = await import('jq-wasm');
  const paths: (string | number)[][] = [];
  for (const expression of expressions) {
    const found = await raw(JSON.stringify(live), `[path(${expression})]`, ['-c']).catch((error: Error) => {
      throw new Fatal(`jq cannot run ${expression}: ${error.message}`);
    });
    paths.push(...(JSON.parse(found) as (string | number)[][]));
  }
  return deletePaths(live, paths);
}

/** `plumb admin settings resource-overrides ignore-differences` and `ignore-resource-updates`. */
export async function showIgnored(
  terminal: Terminal,
  { path, what }: { path: string; what: 'differences' | 'updates' },
  options: SettingsSource,
): Promise<void> {
  const object = await objectOf(path);
  const { control } = await loadSettings(options);
  const updates = control.live.ignoreUpdates;
  const ofUpdates = [...updates.rules, ...(updates.ignoreDifferences ? control.ignoreDifferences : [])];
  const rules = (what === 'differences' ? control.ignoreDifferences : ofUpdates) as readonly IgnoreRuleSpec[];
  const ignored = changedFields(object, await without(object, rules));
  terminal.out(ignored === '' ? 'No field is ignored.\n' : `Following fields are ignored:\n\n${ignored}`);
}

/** `plumb admin settings resource-overrides list-actions`. */
export async function listActions(terminal: Terminal, path: string, options: SettingsSource): Promise<void> {
  const object = await objectOf(path);
  const rules = (await rulesOf(options))?.actionRules ?? [];
  const offered = await createActions(() => rules).list(object);
  const rows = offered.map(({ name, disabled = false }) => [name, String(disabled)]);
  terminal.out(rows.length > 0 ? table(['NAME', 'DISABLED'], rows) : `${object.kind} has no actions\n`);
}

/** `plumb admin settings resource-overrides run-action`: what an action would change; nothing is changed. */
export async function tryAction(
  terminal: Terminal,
  { path, action }: { path: string; action: string },
  options: SettingsSource & { param?: string[] },
): Promise<void> {
  const object = await objectOf(path);
  const rules = (await rulesOf(options))?.actionRules ?? [];
  const parameters = pairMap(options.param ?? []);
  const operations = await createActions(() => rules).run(object, action, { parameters, now: terminal.now() });
  for (const { operation, resource } of operations) {
    if (operation === 'create') {
      terminal.out('Following resource would be created:\n\n');
      await printData(terminal, 'yaml', resource);
      continue;
    }
    const changed = changedFields(object, resource);
    terminal.out(changed === '' ? 'No field has been changed.\n' : `Following fields have been changed:\n\n${changed}`);
  }
}
