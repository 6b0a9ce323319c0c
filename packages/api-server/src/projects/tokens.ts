import { randomUUID } from 'node:crypto';
import { projectRoleSubject } from '@plumbline/access';
import type { AppProject, JwtToken, ProjectRole } from '@plumbline/apis';
import type { TokenRequestBody } from '@plumbline/protocol';
import type { Rights } from '../access/rights.ts';
import { apiFailure } from '../http/api-failure.ts';
import { issueToken } from '../session/tokens.ts';
import type { AccountSettings } from '../session/user.ts';
import { changeProject, findProject, type ProjectStore } from './project-store.ts';
import { isToken, type RoleTokenName, roleTokens } from './role-tokens.ts';

export type RoleTokenParts = ProjectStore & { accounts: AccountSettings; now: () => Date };

interface RoleName {
  project: string;
  role: string;
}

/** Who may update the project may give out tokens of its roles, and so may members of a role for that role (reference §9.1). */
async function checkMayManage(parts: ProjectStore, { project, role }: RoleName, rights: Rights): Promise<ProjectRole> {
  const update = ['projects', 'update', project] as const;
  const groups = parts.projects.get(project)?.spec.roles?.find(({ name }) => name === role)?.groups ?? [];
  const member = rights.subject.groups.some((group) => groups.includes(group));
  if (member) rights.open();
  else rights.require(...update);
  const found = (await findProject(parts, project)).spec.roles?.find(({ name }) => name === role);
  if (!found) throw apiFailure('NotFound', `role '${role}' does not exist in project '${project}'`);
  return found;
}

/** The project with other facts on the tokens of a role, in status and spec alike (reference §9.2). */
function withTokens(project: AppProject, role: string, tokens: readonly JwtToken[]): AppProject {
  const items = [...tokens];
  const roles = (project.spec.roles ?? []).map((one) =>
    one.name === role && one.jwtTokens !== undefined ? { ...one, jwtTokens: items } : one,
  );
  const jwtTokensByRole = { ...project.status?.jwtTokensByRole, [role]: { items } };
  return {
    ...project,
    spec: { ...project.spec, ...(project.spec.roles ? { roles } : {}) },
    status: { ...project.status, jwtTokensByRole },
  };
}

/** Makes a token of a project's role. The token itself is kept nowhere, its id and times in the project. */
export async function createRoleToken(
  parts: RoleTokenParts,
  { project, role }: RoleName,
  { body, rights }: { body: TokenRequestBody; rights: Rights },
): Promise<string> {
  await checkMayManage(parts, { project, role }, rights);
  const id = body.id || randomUUID();
  const lifeSeconds = body.expiresIn ?? 0;
  const iat = Math.floor(parts.now().getTime() / 1000);
  const facts: JwtToken = { id, iat, ...(lifeSeconds > 0 ? { exp: iat + lifeSeconds } : {}) };
  await changeProject(parts, project, (fresh) => {
    const known = roleTokens(fresh, role);
    if (known.some((token) => token.id === id)) {
      throw apiFailure('InvalidArgument', `role '${role}' of project '${project}' already has a token with id '${id}'`);
    }
    return withTokens(fresh, role, [...known, facts]);
  });
  const subject = projectRoleSubject(project, role);
  return issueToken(parts.accounts, { subject, id, lifeSeconds }, new Date(iat * 1000));
}

/** Takes a token of a project's role back: by its id, or by its time of issue where no id is given. */
export async function deleteRoleToken(
  parts: RoleTokenParts,
  { project, role, id, issuedAt }: RoleName & Omit<RoleTokenName, 'role'>,
  rights: Rights,
): Promise<void> {
  await checkMayManage(parts, { project, role }, rights);
  await changeProject(parts, project, (fresh) => {
    const known = roleTokens(fresh, role);
    const named = (token: JwtToken) => (id === '' ? Number(token.iat) === issuedAt : isToken(token, { id, issuedAt }));
    const gone = known.find(named);
    if (!gone) throw apiFailure('NotFound', `role '${role}' of project '${project}' has no such token`);
    return withTokens(
      fresh,
      role,
      known.filter((token) => token !== gone),
    );
  });
}
