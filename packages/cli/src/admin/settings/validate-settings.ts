import type { SettingsProblem } from '@plumbline/settings';
import { Fatal } from '../../fatal.ts';
import { green, red } from '../../output/paint.ts';
import type { Terminal } from '../../terminal.ts';
import { loadSettings, type SettingsSource } from './load-settings.ts';

/** Groups of settings by the keys that belong to them; what belongs to none is general. */
const groups = {
  accounts: /^(accounts\.|admin\.|users\.|passwordPattern)/,
  general: /^/,
  kustomize: /^kustomize\./,
  'resource-overrides': /^resource\.(customizations|exclusions|inclusions|compareoptions)/,
} as const;
type SettingsGroup = keyof typeof groups;
const settingsGroups = Object.keys(groups) as SettingsGroup[];

function groupOf({ key }: SettingsProblem): SettingsGroup {
  return settingsGroups.find((name) => name !== 'general' && groups[name].test(key)) ?? 'general';
}

/** `plumb admin settings validate`: names every key that cannot be used, with its line. Ends with 1 where there is one. */
export async function validateSettings(
  terminal: Terminal,
  options: SettingsSource & { group?: string[] },
): Promise<void> {
  const unknown = options.group?.find((name) => !settingsGroups.some((known) => known === name));
  if (unknown)
    throw new Fatal(`there is no group "${unknown}"`, { next: `use one of ${settingsGroups.join(', ')}`, exitCode: 1 });
  const { control, problems } = await loadSettings(options);
  const facts: Record<SettingsGroup, string> = {
    accounts: `${control.accounts.length + 1} accounts`,
    general: control.url ? `url ${control.url}` : 'no url: it is needed for SSO and links',
    kustomize: `build options: ${control.render.kustomizeBuildOptions.join(' ') || 'none'}`,
    'resource-overrides': `${control.healthRules.length} health checks, ${control.actionRules.length} kinds with actions`,
  };
  for (const name of settingsGroups) {
    if (options.group && !options.group.includes(name)) continue;
    const own = problems.filter((problem) => groupOf(problem) === name);
    terminal.out(own.length === 0 ? `${green('ok')}     ${name}: ${facts[name]}\n` : `${red('wrong')}  ${name}\n`);
    for (const { object, key, line, message } of own) {
      terminal.out(`       ${object}, ${key}${line ? `, line ${line}` : ''}: ${message}\n`);
      process.exitCode = 1;
    }
  }
}
