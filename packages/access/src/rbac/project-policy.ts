import type { AppProject, ProjectRole } from '@plumbline/apis';
import { type Policy, type PolicyLine, parsePolicyLine } from './policy.ts';
import { PolicyError } from './policy-error.ts';

/** What the roles of a project may be about (reference §9.2). */
const projectResources: readonly string[] = [
  'applications',
  'applicationsets',
  'logs',
  'exec',
  'clusters',
  'repositories',
];

/** How a role of a project is named in policies and as the subject of its tokens. */
export function projectRoleSubject(project: string, role: string): string {
  return `proj:${project}:${role}`;
}

/**
 * A policy line of a project's role (reference §9.2): for the role itself, about objects of the project.
 * @throws PolicyError with what is wrong.
 */
export function parseProjectPolicy(project: string, role: string, text: string): PolicyLine {
  const parsed = parsePolicyLine(text);
  if (!parsed || !('line' in parsed))
    throw new PolicyError(`expected "p, proj:${project}:${role}, …", found "${text}"`);
  const { line } = parsed;
  const subject = projectRoleSubject(project, role);
  if (line.subject !== subject) throw new PolicyError(`the subject must be ${subject}, found "${line.subject}"`);
  if (!projectResources.includes(line.resource)) {
    throw new PolicyError(`the resource must be one of ${projectResources.join(', ')}, found "${line.resource}"`);
  }
  if (!line.object.startsWith(`${project}/`) || line.object.length === project.length + 1) {
    throw new PolicyError(`the object must begin with ${project}/, found "${line.object}"`);
  }
  return line;
}

function linesOf(project: string, role: ProjectRole): PolicyLine[] {
  const own: PolicyLine = {
    subject: projectRoleSubject(project, role.name),
    resource: 'projects',
    action: 'get',
    object: project,
    effect: 'allow',
  };
  const lines = (role.policies ?? []).flatMap((text) => {
    try {
      return [parseProjectPolicy(project, role.name, text)];
    } catch (error) {
      if (error instanceof PolicyError) return [];
      throw error;
    }
  });
  return [own, ...lines];
}

/**
 * The policy that a project's roles make, in force for objects of the project only (reference §9.1). Lines that would
 * reach beyond the role or the project are left out, whoever has written them.
 */
export function projectPolicy({ metadata, spec }: AppProject): Policy {
  const roles = spec.roles ?? [];
  return {
    lines: roles.flatMap((role) => linesOf(metadata.name, role)),
    links: roles.flatMap((role) =>
      (role.groups ?? []).map((group) => ({ member: group, role: projectRoleSubject(metadata.name, role.name) })),
    ),
  };
}
