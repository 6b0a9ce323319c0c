import type { AppProject, JwtToken } from '@plumbline/apis';

/** A token of a project's role, as its claims name it. */
export interface RoleTokenName {
  role: string;
  /** '' in tokens of old: they go by their time of issue. */
  id: string;
  /** Seconds since 1970. */
  issuedAt: number;
}

/** Facts on the tokens of a role: those of the status, or of the spec where the status knows nothing of the role (reference §9.2). */
export function roleTokens(project: AppProject, role: string): readonly JwtToken[] {
  const inStatus = project.status?.jwtTokensByRole?.[role]?.items;
  return inStatus ?? project.spec.roles?.find(({ name }) => name === role)?.jwtTokens ?? [];
}

/** Whether two facts are of one token: by id, and by the time of issue only where there is none. */
export function isToken(token: JwtToken, { id, issuedAt }: Pick<RoleTokenName, 'id' | 'issuedAt'>): boolean {
  return id === '' ? !token.id && Number(token.iat) === issuedAt : token.id === id;
}

/** Whether the role is there and has the token. */
export function hasProjectToken(project: AppProject | undefined, token: RoleTokenName): boolean {
  if (!project?.spec.roles?.some(({ name }) => name === token.role)) return false;
  return roleTokens(project, token.role).some((known) => isToken(known, token));
}
