import type { AppProject, AppProjectSpec } from '@plumbline/apis';
import type { ApiClient } from '@plumbline/protocol';
import type { GlobalOptions } from '../config/connect.ts';
import { Fatal } from '../fatal.ts';

/** Reads a project, lets its spec be changed, and stores it. */
export async function changeProject(
  options: GlobalOptions,
  name: string,
  change: (spec: AppProjectSpec, project: AppProject) => AppProjectSpec,
): Promise<ApiClient> {
  // Loaded when a command runs: this file is part of every start.
  const { connect } = await import('../config/connect.ts');
  const client = await connect(options);
  const project = await client.call('getProject', { params: { name } });
  const spec = change(project.spec, project);
  await client.call('updateProject', { params: { name }, body: { project: { ...project, spec } } });
  return client;
}

/** The list with one more item. Throws Fatal where it is there already. */
export function including<T>(items: T[] | undefined, added: T, { same, what }: ItemTest<T>): T[] {
  if (items?.some(same)) throw new Fatal(`${what} is there already`);
  return [...(items ?? []), added];
}

/** The list without an item. Throws Fatal where it is not there. */
export function excluding<T>(items: T[] | undefined, { same, what }: ItemTest<T>): T[] {
  const left = (items ?? []).filter((item) => !same(item));
  if (left.length === (items ?? []).length) throw new Fatal(`${what} is not there`);
  return left;
}

/** How an item is known, and what it is called in messages. */
interface ItemTest<T> {
  same: (item: T) => boolean;
  what: string;
}
