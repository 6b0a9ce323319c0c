import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../run.ts';
import { fakeTerminal } from '../test-support/fake-terminal.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumb-rbac-'));
});

afterEach(async () => {
  process.exitCode = undefined;
  await rm(folder, { recursive: true });
});

async function rbac(text: string, ...args: string[]) {
  const file = join(folder, 'policy');
  await writeFile(file, text);
  const { terminal, written } = fakeTerminal();
  const code = await runCli(['admin', 'settings', 'rbac', ...args, '--policy-file', file], terminal);
  process.exitCode = undefined;
  return { code, out: written.out, err: written.err };
}

const csv = 'p, role:dev, applications, get, team/*, allow\ng, bob, role:dev\n';
const configMap = `apiVersion: v1
kind: ConfigMap
metadata: {name: argocd-rbac-cm}
data:
  policy.default: role:readonly
  policy.csv: |
    g, bob, role:admin
  policy.more.csv: |
    p, bob, applications, delete, secret/*, deny
`;

describe('plumb admin settings rbac', () => {
  it.each<[string, string[], string]>([
    [csv, ['bob', 'get', 'applications', 'team/web'], 'Yes'],
    [csv, ['dev', 'get', 'applications', 'team/web'], 'Yes'],
    [csv, ['bob', 'delete', 'applications', 'team/web'], 'No'],
    [csv, ['eve', 'get', 'applications', 'team/web'], 'No'],
    [csv, ['admin', 'delete', 'projects', 'x'], 'Yes'],
    [configMap, ['eve', 'get', 'applications', 'team/web'], 'Yes'],
    [configMap, ['bob', 'delete', 'applications', 'secret/web'], 'No'],
    [configMap, ['bob', 'delete', 'applications', 'team/web'], 'Yes'],
  ])('tells by %j what %j may', async (text, args, answer) => {
    expect(await rbac(text, 'can', ...args)).toMatchObject({ out: `${answer}\n`, code: answer === 'Yes' ? 0 : 1 });
  });

  it('refuses resources that do not exist', async () => {
    expect((await rbac(csv, 'can', 'bob', 'get', 'things')).err).toContain('unknown resource "things"');
  });

  it('names the file, key and line that is not valid', async () => {
    expect(await rbac(csv, 'validate')).toMatchObject({ code: 0, out: 'Policy is valid.\n' });
    const bad = await rbac(configMap.replace('secret/*, deny', 'secret/*'), 'validate');
    expect(bad.code).toBe(1);
    expect(bad.err).toMatch(/policy\.more\.csv, line 1/);
  });
});
