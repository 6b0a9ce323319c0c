import type { AppProject, AppProjectSpec, JwtToken, ProjectRole } from '@plumbline/apis';
import { secondsOf } from '../account/accounts.ts';
import { connect, type GlobalOptions } from '../config/connect.ts';
import { Fatal } from '../fatal.ts';
import { printData } from '../output/print-data.ts';
import { table } from '../output/table.ts';
import type { Terminal } from '../terminal.ts';
import { instant, tokenClaims } from '../token-claims.ts';
import { changeProject, excluding, including } from './change-spec.ts';

interface RoleName {
  project: string;
  role: string;
}

/** The parts of a policy line of a role. */
interface PolicyFlags extends GlobalOptions {
  action: string;
  object: string;
  permission: 'allow' | 'deny';
  resource: string;
}

const named = (name: string) => ({ same: (role: ProjectRole) => role.name === name, what: `the role ${name}` });

function roleOf(spec: AppProjectSpec, { project, role: name }: RoleName): ProjectRole {
  const found = spec.roles?.find((role) => role.name === name);
  if (found) return found;
  throw new Fatal(`project ${project} has no role "${name}"`, { next: `plumb proj role list ${project} lists them` });
}

/** Stores a role changed. */
async function changeRole(
  options: GlobalOptions,
  asked: RoleName,
  change: (role: ProjectRole) => ProjectRole,
): Promise<void> {
  await changeProject(options, asked.project, (spec) => {
    const role = roleOf(spec, asked);
    return { ...spec, roles: (spec.roles ?? []).map((other) => (other === role ? change(role) : other)) };
  });
}

/** `plumb proj role list`. */
export async function listRoles(
  terminal: Terminal,
  name: string,
  options: GlobalOptions & { output: 'wide' | 'name' | 'json' | 'yaml' },
): Promise<void> {
  const roles = (await (await connect(options)).call('getProject', { params: { name } })).spec.roles ?? [];
  const { output } = options;
  if (output === 'json' || output === 'yaml') return printData(terminal, output, roles);
  if (output === 'name') terminal.out(roles.map((role) => `${role.name}\n`).join(''));
  else
    terminal.out(
      table(
        ['ROLE-NAME', 'DESCRIPTION'],
        roles.map((role) => [role.name, role.description ?? '']),
      ),
    );
}

/** The tokens of a role: those of the status, and those that older versions have left in the spec. */
function tokensOf({ spec, status }: AppProject, asked: RoleName): JwtToken[] {
  const all = [...(status?.jwtTokensByRole?.[asked.role]?.items ?? []), ...(roleOf(spec, asked).jwtTokens ?? [])];
  return [...new Map(all.map((token) => [token.id ?? String(token.iat), token])).values()];
}

function tokenRows(tokens: JwtToken[]): string[][] {
  return tokens.map(({ id, iat, exp }) => [id ?? '', String(iat), instant(iat), instant(exp)]);
}

const tokenHeadings = ['ID', 'ISSUED-AT', 'ISSUED', 'EXPIRES'];

/** `plumb proj role get`. */
export async function getRole(terminal: Terminal, asked: RoleName, options: GlobalOptions): Promise<void> {
  const project = await (await connect(options)).call('getProject', { params: { name: asked.project } });
  const role = roleOf(project.spec, asked);
  terminal.out(`Role Name:     ${role.name}\nDescription:   ${role.description ?? ''}\n`);
  terminal.out(`Groups:        ${(role.groups ?? []).join(', ')}\nPolicies:\n`);
  for (const policy of role.policies ?? []) terminal.out(`  ${policy}\n`);
  const tokens = tokensOf(project, asked);
  if (tokens.length > 0) terminal.out(`\n${table(tokenHeadings, tokenRows(tokens))}`);
}

/** `plumb proj role list-tokens`. */
export async function listRoleTokens(
  terminal: Terminal,
  asked: RoleName,
  options: GlobalOptions & { unixtime?: boolean },
): Promise<void> {
  const project = await (await connect(options)).call('getProject', { params: { name: asked.project } });
  const tokens = tokensOf(project, asked);
  const seconds = tokens.map(({ id = '', iat, exp }) => [id, String(iat), exp ? String(exp) : 'never']);
  terminal.out(
    options.unixtime ? table(['ID', 'ISSUED-AT', 'EXPIRES-AT'], seconds) : table(tokenHeadings, tokenRows(tokens)),
  );
}

/** `plumb proj role create`. */
export async function createRole(
  terminal: Terminal,
  { project, role }: RoleName,
  options: GlobalOptions & { description?: string },
): Promise<void> {
  const added = { name: role, ...(options.description ? { description: options.description } : {}) };
  await changeProject(options, project, (spec) => ({ ...spec, roles: including(spec.roles, added, named(role)) }));
  terminal.out(`role '${role}' created\n`);
}

/** `plumb proj role delete`. */
export async function deleteRole(
  terminal: Terminal,
  { project, role }: RoleName,
  options: GlobalOptions,
): Promise<void> {
  await changeProject(options, project, (spec) => ({ ...spec, roles: excluding(spec.roles, named(role)) }));
  terminal.out(`role '${role}' deleted\n`);
}

/** `plumb proj role add-policy` and `remove-policy`. */
export async function changePolicy(
  terminal: Terminal,
  asked: RoleName & { add: boolean },
  options: PolicyFlags,
): Promise<void> {
  const { project, role: name } = asked;
  const { action, object, permission, resource } = options;
  const policy = `p, proj:${project}:${name}, ${resource}, ${action}, ${project}/${object}, ${permission}`;
  const plain = (text: string): string => text.replaceAll(/\s+/g, '');
  const test = { same: (text: string) => plain(text) === plain(policy), what: `the policy ${policy}` };
  await changeRole(options, asked, (role) => ({
    ...role,
    policies: asked.add ? including(role.policies, policy, test) : excluding(role.policies, test),
  }));
  terminal.out(`role '${name}' updated\n`);
}

/** `plumb proj role add-group` and `remove-group`. */
export async function changeGroup(
  terminal: Terminal,
  asked: RoleName & { add: boolean; group: string },
  options: GlobalOptions,
): Promise<void> {
  const { group, add } = asked;
  const test = { same: (text: string) => text === group, what: `the group ${group}` };
  await changeRole(options, asked, (role) => ({
    ...role,
    groups: add ? including(role.groups, group, test) : excluding(role.groups, test),
  }));
  terminal.out(`role '${asked.role}' updated\n`);
}

/** `plumb proj role create-token`. */
export async function createRoleToken(
  terminal: Terminal,
  params: RoleName,
  options: GlobalOptions & { expiresIn: string; id?: string; tokenOnly?: boolean },
): Promise<void> {
  const client = await connect(options);
  const body = { expiresIn: secondsOf(options.expiresIn), ...(options.id ? { id: options.id } : {}) };
  const { token } = await client.call('createRoleToken', { params: { name: params.project, role: params.role }, body });
  if (options.tokenOnly) {
    terminal.out(`${token}\n`);
    return;
  }
  const { jti = '', iat, exp } = tokenClaims(token);
  terminal.out(`Create token succeeded for proj:${params.project}:${params.role}.\n`);
  terminal.out(
    `  ID: ${jti}\n  Issued At: ${instant(iat)}\n  Expires At: ${exp ? instant(exp) : 'Never'}\n  Token: ${token}\n`,
  );
}

/** `plumb proj role delete-token`. */
export async function deleteRoleToken(
  terminal: Terminal,
  asked: RoleName & { iat: string },
  options: GlobalOptions,
): Promise<void> {
  const client = await connect(options);
  await client.call('deleteRoleToken', { params: { name: asked.project, role: asked.role, iat: asked.iat } });
  terminal.out(`token deleted\n`);
}
