import type { AppProjectSpec, SourceIntegrity } from '@plumbline/apis';
import { connect, type GlobalOptions } from '../config/connect.ts';
import { confirm } from '../confirm.ts';
import { Fatal } from '../fatal.ts';
import { type ListFormat, printList } from '../output/print-list.ts';
import type { Terminal } from '../terminal.ts';
import { changeProject } from './change-spec.ts';

type GitPolicy = SourceIntegrity['git']['policies'][number];

interface PolicyOptions extends GlobalOptions {
  repoUrl?: string[];
  addRepoUrl?: string[];
  deleteRepoUrl?: string[];
  gpgMode?: string;
  gpgKey?: string[];
  addGpgKey?: string[];
  deleteGpgKey?: string[];
  yes?: boolean;
}

const policiesOf = (spec: AppProjectSpec): GitPolicy[] => spec.sourceIntegrity?.git.policies ?? [];

const withPolicies = (spec: AppProjectSpec, policies: GitPolicy[]): AppProjectSpec => {
  const { sourceIntegrity: _, ...rest } = spec;
  return policies.length > 0 ? { ...rest, sourceIntegrity: { git: { policies } } } : rest;
};

/** The list that a flag replaces, and others add to and take from. */
function changed(
  before: readonly string[],
  {
    set,
    add = [],
    remove = [],
  }: { set?: string[] | undefined; add?: string[] | undefined; remove?: string[] | undefined },
): string[] {
  const gone = new Set(remove);
  return [...new Set([...(set ?? before).filter((text) => !gone.has(text)), ...add])];
}

function changedPolicy(before: GitPolicy, options: PolicyOptions): GitPolicy {
  const urls = before.repos.map(({ url }) => url);
  const repos = changed(urls, { set: options.repoUrl, add: options.addRepoUrl, remove: options.deleteRepoUrl });
  const keys = changed(before.gpg.keys, { set: options.gpgKey, add: options.addGpgKey, remove: options.deleteGpgKey });
  const mode = options.gpgMode ?? before.gpg.mode;
  if (repos.length === 0)
    throw new Fatal('the policy is for no repository', { next: 'give one with --repo-url', exitCode: 1 });
  if (mode !== 'none' && keys.length === 0) {
    throw new Fatal(`the mode ${mode} needs a key`, {
      next: 'give one with --gpg-key; `plumb gpg list` shows them',
      exitCode: 1,
    });
  }
  return { ...before, repos: repos.map((url) => ({ url })), gpg: { ...before.gpg, mode, keys } };
}

function missing(name: string, id: number): Fatal {
  const next = `plumb proj source-integrity git policies list ${name} lists them`;
  return new Fatal(`project ${name} has no git policy ${id}`, { next });
}

/** `plumb proj source-integrity git policies list`. */
export async function listPolicies(
  terminal: Terminal,
  name: string,
  options: GlobalOptions & { output: ListFormat },
): Promise<void> {
  const { spec } = await (await connect(options)).call('getProject', { params: { name } });
  const policies = policiesOf(spec);
  await printList(terminal, policies, {
    format: options.output,
    headings: ['ID', 'REPO-URLS', 'GPG-MODE', 'GPG-KEYS'],
    name: (policy) => String(policies.indexOf(policy)),
    row: (policy) => [
      String(policies.indexOf(policy)),
      policy.repos.map(({ url }) => url).join(', '),
      policy.gpg.mode,
      policy.gpg.keys.join(', '),
    ],
  });
}

/** `plumb proj source-integrity git policies add`. */
export async function addPolicy(terminal: Terminal, name: string, options: PolicyOptions): Promise<void> {
  const added = changedPolicy({ repos: [], gpg: { mode: 'strict', keys: [] } }, options);
  await changeProject(options, name, (spec) => withPolicies(spec, [...policiesOf(spec), added]));
  terminal.out(`git policy of project '${name}' added\n`);
}

/** `plumb proj source-integrity git policies update`. */
export async function updatePolicy(
  terminal: Terminal,
  { name, id }: { name: string; id: number },
  options: PolicyOptions,
): Promise<void> {
  if (!(await confirm(terminal, `Change git policy ${id} of project '${name}'?`, options))) return;
  await changeProject(options, name, (spec) => {
    const policies = policiesOf(spec);
    if (!policies[id]) throw missing(name, id);
    return withPolicies(
      spec,
      policies.map((policy, at) => (at === id ? changedPolicy(policy, options) : policy)),
    );
  });
  terminal.out(`git policy ${id} of project '${name}' updated\n`);
}

/** `plumb proj source-integrity git policies delete`. */
export async function deletePolicies(
  terminal: Terminal,
  { name, ids }: { name: string; ids: number[] },
  options: PolicyOptions,
): Promise<void> {
  const what = ids.length === 1 ? `git policy ${ids[0]}` : `git policies ${ids.join(', ')}`;
  if (!(await confirm(terminal, `Delete ${what} of project '${name}'?`, options))) return;
  await changeProject(options, name, (spec) => {
    const policies = policiesOf(spec);
    const unknown = ids.find((id) => !policies[id]);
    if (unknown !== undefined) throw missing(name, unknown);
    return withPolicies(
      spec,
      policies.filter((_, at) => !ids.includes(at)),
    );
  });
  terminal.out(`${what} of project '${name}' deleted\n`);
}
