import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { manifestSetKey, type RenderResult, receiptMac, unpackManifestSet, verifyReceipt } from '@plumbline/render';
import { configMap, eventually, gitHttpServer } from '@plumbline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRig, type Rig, type RunningServer } from './test-support/rig.ts';

const run = promisify(execFile);
const canary = 'CanaryPassword4711';
let rig: Rig;
let server: RunningServer;
let logFile: string;

beforeAll(async () => {
  rig = await createRig();
  logFile = join(tmpdir(), `plumbline-security-${process.pid}.log`);
  server = await rig.startServer({ PLUMB_LOG_LEVEL: 'debug', PLUMB_LOG_FILE: logFile });
}, 600_000);
afterAll(async () => {
  await rig?.[Symbol.asyncDispose]();
  await rm(logFile, { force: true });
});

async function redis(...args: string[]): Promise<string> {
  const { hostname, port, password } = new URL(rig.redisUrl);
  const env = { PATH: process.env['PATH'] ?? '', REDISCLI_AUTH: decodeURIComponent(password) };
  const { stdout } = await run('redis-cli', ['-e', '-h', hostname, '-p', port, ...args], { encoding: 'latin1', env });
  return stdout;
}

const entryOf = ({ receipt }: RenderResult) => `${rig.prefix}:sealed:${manifestSetKey(receipt.digest)}`;

/** What a reader of the result gets: the value in the first ConfigMap; undefined for a miss. */
async function storedValue({ receipt }: RenderResult): Promise<unknown> {
  if (!verifyReceipt(rig.sealKey, receipt)) return undefined;
  const packed = await rig.store.sealed.get(manifestSetKey(receipt.digest));
  return packed && unpackManifestSet(packed).objects[0]?.['data'];
}

async function renderValue(value: string): Promise<RenderResult> {
  await rig.repository.write('value/a.yaml', configMap('a', { value })).commit();
  return rig.render({ path: 'value' });
}

describe('a poisoned Redis', () => {
  it('cannot swap two entries', async () => {
    const [one, two] = [await renderValue('swap-1'), await renderValue('swap-2')];
    expect([await storedValue(one), await storedValue(two)]).toEqual([{ value: 'swap-1' }, { value: 'swap-2' }]);
    await redis('RENAME', entryOf(one), 'swap');
    await redis('RENAME', entryOf(two), entryOf(one));
    await redis('RENAME', 'swap', entryOf(two));
    expect([await storedValue(one), await storedValue(two)]).toEqual([undefined, undefined]);
    const again = await rig.render({ path: 'value' }, { revision: two.receipt.revision, noCache: true });
    expect(await storedValue(again)).toEqual({ value: 'swap-2' });
  });

  it('cannot put an older revision in the place of a newer one', async () => {
    const [old, current] = [await renderValue('old'), await renderValue('current')];
    await redis('COPY', entryOf(old), entryOf(current), 'REPLACE');
    expect(await storedValue(current)).toBeUndefined();
  });

  it('cannot edit a byte', async () => {
    const result = await renderValue('edited');
    const length = Number(await redis('STRLEN', entryOf(result)));
    for (const offset of [0, 1, 8, 13, Math.floor(length / 2), length - 1]) {
      const kept = `${entryOf(result)}:kept`;
      await redis('COPY', entryOf(result), kept, 'REPLACE');
      const before = await redis('GETRANGE', entryOf(result), String(offset), String(offset));
      await redis('SETRANGE', entryOf(result), String(offset), before.startsWith('x') ? 'y' : 'x');
      expect(await storedValue(result), `byte ${offset}`).toBeUndefined();
      await redis('RENAME', kept, entryOf(result));
    }
    expect(await storedValue(result)).toEqual({ value: 'edited' });
  });

  it('cannot move a receipt to another revision, repository or digest', async () => {
    const { receipt } = await renderValue('receipt');
    const other = await renderValue('other');
    expect(verifyReceipt(rig.sealKey, receipt)).toBe(true);
    for (const field of ['revision', 'repoURL', 'digest'] as const) {
      const forged = { ...receipt, [field]: field === 'repoURL' ? 'https://x' : other.receipt[field] };
      expect(verifyReceipt(rig.sealKey, forged), field).toBe(false);
    }
    const otherKey = Buffer.alloc(rig.sealKey.length, 1);
    expect(verifyReceipt(rig.sealKey, { ...receipt, mac: receiptMac(otherKey, receipt) })).toBe(false);
  });
});

it('renders what the recorded commit holds while branches move', async () => {
  const rounds = 100;
  const values = new Map<string, string>();
  let done = false;
  const pushing = (async () => {
    for (let round = 0; round < rounds; round += 1) {
      rig.repository.write('race/a.yaml', configMap('a', { value: `v${round}` }));
      values.set(await rig.repository.commit(), `v${round}`);
    }
    done = true;
  })();
  await eventually(() => values.size > 0, { what: 'a first commit' });
  const results: RenderResult[] = [];
  while (!done) results.push(...(await Promise.all([0, 1, 2].map(() => rig.render({ path: 'race' })))));
  await pushing;
  results.push(await rig.render({ path: 'race' }));
  for (const result of results) {
    // A commit can be seen before this process has its id.
    const { stdout } = await run('git', [
      '-C',
      rig.repository.folder,
      'show',
      `${result.receipt.revision}:race/a.yaml`,
    ]);
    expect(stdout).toContain(String(((await storedValue(result)) as { value: string }).value));
  }
  expect(new Set(results.map(({ receipt }) => receipt.revision)).size).toBeGreaterThan(1);
}, 120_000);

it('shows a repository password nowhere: errors, results, logs, processes, Redis', async () => {
  await using git = await gitHttpServer({ folder: rig.repository.folder, username: 'user', password: canary });
  const url = git.repositoryUrl(rig.repository);
  const labels = { 'argocd.argoproj.io/secret-type': 'repository' };
  const secret = (password: string, resourceVersion?: string) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'canary', namespace: rig.namespace, labels, ...(resourceVersion ? { resourceVersion } : {}) },
    stringData: { type: 'git', url, username: 'user', password },
  });
  const seen: string[] = [];
  let watching = true;
  const listing = (async () => {
    // With the environments, as other processes of the same user see them.
    while (watching) {
      const { stdout } = await run('ps', ['axeww', '-o', 'pid,args'], { maxBuffer: 1 << 26 });
      seen.push(stdout);
    }
  })();
  await rig.client.create(secret(canary));
  rig.repository.write('value/a.yaml', configMap('a'));
  await rig.repository.write('canary/kustomization.yaml', { resources: ['none.yaml'] }).commit();
  const ask = (path: string, targetRevision = 'main') => rig.render({ repoURL: url, path, targetRevision });
  await eventually(
    async () =>
      (await ask('value').then(
        () => true,
        () => false,
      )) === true,
    { what: 'access' },
  );
  seen.push(JSON.stringify(await ask('value')));
  const failures = [
    ['canary', 'main'],
    ['nowhere', 'main'],
    ['value', 'no-branch'],
  ] as const;
  for (const [path, revision] of failures) {
    seen.push(
      await ask(path, revision).then(
        () => expect.fail('it should fail'),
        (error) => JSON.stringify([String(error), error]),
      ),
    );
  }
  git.failWith(403);
  seen.push(await ask('value', 'other').then(String, (error) => JSON.stringify([String(error), error])));
  watching = false;
  await listing;
  seen.push(await readFile(logFile, 'utf8'), await (await fetch(server.metricsUrl)).text());
  for (const key of (await redis('--scan', '--pattern', `${rig.prefix}*`)).split('\n').filter(Boolean)) {
    seen.push(key, await redis('DUMP', key));
  }
  const forms = [canary, Buffer.from(`user:${canary}`).toString('base64')];
  const lines = seen.join('\n').split('\n');
  const leaks = lines.filter((line) => forms.some((form) => line.includes(form)));
  expect(leaks).toEqual([]);
  expect(seen.join('\n')).toContain('no-branch');
  expect(seen.join('\n')).toMatch(/git .*ls-remote .*GIT_CONFIG_GLOBAL=/);
}, 60_000);

it('keeps the password that a URL holds out of results and Redis', async () => {
  const password = 'canary-of-a-url';
  await using git = await gitHttpServer({ folder: rig.repository.folder, username: 'user', password });
  const repoURL = git.repositoryUrl(rig.repository).replace('://', `://user:${password}@`);
  await rig.repository.write('in-url/a.yaml', configMap('a')).commit();
  const seen = [JSON.stringify(await rig.render({ repoURL, path: 'in-url', targetRevision: 'main' }))];
  for (const key of (await redis('--scan', '--pattern', `${rig.prefix}*`)).split('\n').filter(Boolean)) {
    seen.push(key, await redis('DUMP', key));
  }
  expect(seen.filter((text) => text.includes(password))).toEqual([]);
});

/** The names of the programs that a process has started, and those that these have. */
async function startedBy(pid: number): Promise<string[]> {
  const { stdout } = await run('ps', ['-eo', 'pid=,ppid=,comm=']);
  const all = stdout.split('\n').map((line) => line.trim().split(/\s+/));
  const below = (parent: string): string[] =>
    all.flatMap(([own = '', its, name = '']) => (its === parent ? [name, ...below(own)] : []));
  return below(String(pid));
}

it('a render whose server is killed is taken over, once', async () => {
  await using other = await createRig();
  const slow = '{{ range until 1000 }}{{ range until 1000 }}{{ sha256sum "x" | substr 0 0 }}{{ end }}{{ end }}';
  other.repository.write('slow/Chart.yaml', { apiVersion: 'v2', name: 'slow', version: '1.0.0' });
  await other.repository.write('slow/templates/a.yaml', `${slow}\n---\n${JSON.stringify(configMap('a'))}\n`).commit();
  const victim = await other.startServer();
  const rendering = other.render({ path: 'slow' });
  await eventually(async () => (await startedBy(victim.child.pid ?? 0)).some((name) => name.startsWith('helm')), {
    what: 'the tool to run',
  });
  victim.child.kill('SIGKILL');
  await victim.ended;
  const heir = await other.startServer();
  expect((await rendering).cached).toBe(false);
  expect((await other.metric(heir, 'plumbline_render_total'))['result="rendered"']).toBe(1);
}, 120_000);
