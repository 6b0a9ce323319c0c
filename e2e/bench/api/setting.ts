import { createApiClient } from '@plumbline/protocol';
import type { ReadyFile } from '@plumbline/standalone';
import { type Bench, writesAtOnce } from '../bench.ts';
import { eachLimited } from '../each-limited.ts';
import { applicationOf } from '../fleet.ts';
import type { ProcessSet } from '../process-costs.ts';

/** Applications in all, and those that the limited caller may see. */
export const fleetSize = 5_000;
export const visible = 10;

/** A line of the table. */
export type Line = readonly [what: string, figure: string, goal: string];

/** What the workloads share. */
export interface Setting {
  bench: Bench;
  url: string;
  /** Processes of the engine. */
  ready: ReadyFile;
  /** Sees everything. */
  admin: string;
  /** Sees {@link visible} Applications. */
  limited: string;
}

/** Names of the Applications. */
export function fleetNames({ namespace }: Bench): string[] {
  return Array.from({ length: fleetSize }, (_, index) => `${namespace}-${String(index).padStart(4, '0')}`);
}

const projectName = (namespace: string): string => `${namespace}-few`;

async function adminToken({ url, adminPassword }: ReadyFile): Promise<string> {
  const body = { username: 'admin', password: adminPassword };
  return (await createApiClient({ url }).call('login', { body })).token;
}

/** A project with a role for its own Applications, and a token of that role. */
async function limitedToken(url: string, admin: string, project: string): Promise<string> {
  const role = {
    name: 'reader',
    policies: [`p, proj:${project}:reader, applications, get, ${project}/*, allow`],
  };
  const spec = { sourceRepos: ['*'], destinations: [{ server: '*', namespace: '*' }], roles: [role] };
  const api = createApiClient({ url, token: admin });
  await api.call('createProject', { body: { project: { metadata: { name: project }, spec } } });
  const params = { name: project, role: role.name };
  return (await api.call('createRoleToken', { params, body: {} })).token;
}

/** Applications of one small source that nobody syncs, so that the lists are what is measured. */
async function createFleet(bench: Bench): Promise<void> {
  const { client, controlNamespace, namespace, repository, names } = bench;
  const source = { path: `apps/${names[0]}` };
  await eachLimited(fleetNames(bench).entries(), writesAtOnce, ([index, name]) => {
    const application = applicationOf({ name, controlNamespace, namespace, repoURL: repository.url, source });
    const project = index < visible ? projectName(namespace) : 'default';
    const { finalizers: _, ...metadata } = application.metadata;
    const { syncPolicy: __, ...spec } = application['spec'] as Record<string, unknown>;
    return client.create({ ...application, metadata, spec: { ...spec, project } });
  });
}

/** The process that holds the API server; in one command also the controller, but not the repo-server and Redis. */
export function serverOf({ pids }: ReadyFile): ProcessSet {
  const [server, ...others] = pids.engine;
  return { roots: server === undefined ? [] : [server], except: [...others, ...pids.controlPlane] };
}

/** Creates it all and waits until every Application has been compared once. */
export async function prepare(bench: Bench, ready: ReadyFile): Promise<Setting> {
  const { url } = ready;
  const admin = await adminToken(ready);
  const limited = await limitedToken(url, admin, projectName(bench.namespace));
  await createFleet(bench);
  for (const name of fleetNames(bench)) {
    await bench.watch.until(`the comparison of ${name}`, () => bench.watch.isCompared(name));
  }
  return { bench, url, ready, admin, limited };
}
