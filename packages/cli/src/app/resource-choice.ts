import type { Application } from '@plumbline/apis';
import { Fatal } from '../fatal.ts';

/** One object of `--resource`. */
export interface ChosenResource {
  group: string;
  kind: string;
  name: string;
  namespace?: string;
}

interface Pattern extends ChosenResource {
  exclude: boolean;
}

/** Reads `GROUP:KIND:NAME` or `GROUP:KIND:NAMESPACE/NAME`, with `!` in front to exclude (reference §14). */
export function parseResource(text: string): Pattern {
  const exclude = text.startsWith('!');
  const parts = text.slice(exclude ? 1 : 0).split(':');
  const [group, kind, path] = parts;
  if (parts.length !== 3 || group === undefined || !kind || !path) {
    throw new Fatal(`"${text}" names no resource`, {
      next: 'write GROUP:KIND:NAME or GROUP:KIND:NAMESPACE/NAME',
      exitCode: 1,
    });
  }
  const slash = path.indexOf('/');
  const name = path.slice(slash + 1);
  return { group, kind, name, ...(slash > 0 ? { namespace: path.slice(0, slash) } : {}), exclude };
}

const fits = (pattern: Pattern, resource: ChosenResource): boolean =>
  (pattern.group === '*' || pattern.group === resource.group) &&
  (pattern.kind === '*' || pattern.kind === resource.kind) &&
  (pattern.name === '*' || pattern.name === resource.name) &&
  (pattern.namespace === undefined || pattern.namespace === '*' || pattern.namespace === resource.namespace);

/** Whether the patterns of `--resource` choose an object: one that is not excluded, and named where any is. */
export function resourceFilter(texts: string[]): (resource: ChosenResource) => boolean {
  const patterns = texts.map(parseResource);
  const wanted = patterns.filter(({ exclude }) => !exclude);
  const unwanted = patterns.filter(({ exclude }) => exclude);
  return (resource) =>
    (wanted.length === 0 || wanted.some((pattern) => fits(pattern, resource))) &&
    !unwanted.some((pattern) => fits(pattern, resource));
}

/**
 * The objects of the Application that the patterns choose; undefined = all, where there are none. Throws Fatal where they
 * choose nothing.
 */
export function chooseResources(application: Application, texts: string[]): ChosenResource[] | undefined {
  if (texts.length === 0) return undefined;
  const isChosen = resourceFilter(texts);
  const all = (application.status?.resources ?? []).map(
    ({ group = '', kind = '', name = '', namespace = '' }): ChosenResource => ({ group, kind, name, namespace }),
  );
  const chosen = all.filter(isChosen);
  if (chosen.length === 0) {
    throw new Fatal(`no resource of ${application.metadata.name} matches ${texts.join(', ')}`, {
      next: `plumb app get ${application.metadata.name} lists them`,
    });
  }
  return chosen;
}
