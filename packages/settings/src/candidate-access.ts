import { labels, secretTypes } from '@plumbline/apis';
import { PlumblineError } from '@plumbline/errors';
import type { RepositoryAccess } from '@plumbline/git';
import { type RepositorySecrets, readRepositories } from './parse/repositories.ts';
import type { ReadState } from './parse/value-reader.ts';
import { findRepositoryAccess } from './repository-access.ts';
import type { ControlSettings } from './types.ts';

/** How a repository would be reached if a Secret with these keys were there. Throws `SETTINGS_INVALID`. */
export function candidateAccess(
  data: Readonly<Record<string, string>>,
  of: { repositories: RepositorySecrets; control: ControlSettings; project: string },
): RepositoryAccess {
  const state: ReadState = { former: new Map(), good: new Map(), problems: [] };
  const secret = { name: '', labels: { [labels.secretType]: secretTypes.repository }, annotations: {}, data };
  const { repositories } = readRepositories([secret], state);
  const [problem] = state.problems;
  if (problem) throw new PlumblineError('SETTINGS_INVALID', `${problem.key}: ${problem.message}`);
  const { templates } = of.repositories;
  return findRepositoryAccess({ repositories, templates }, of.control, { url: data['url'] ?? '', project: of.project });
}
