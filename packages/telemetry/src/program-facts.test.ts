import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkoutFacts, platformName, runtimeFacts } from './program-facts.ts';

describe('platformName', () => {
  it.each([
    ['linux', 'x64', 'linux/amd64'],
    ['darwin', 'arm64', 'darwin/arm64'],
    ['win32', 'x64', 'windows/amd64'],
  ] as const)('names %s on %s as Go does', (platform, arch, name) => {
    expect(platformName({ platform, arch })).toBe(name);
    expect(runtimeFacts()).toMatchObject({ Platform: platformName(process), NodeVersion: process.version });
  });
});

describe('checkoutFacts', () => {
  let root: string;
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', root, '-c', 'user.name=n', '-c', 'user.email=e@example.com', ...args], {
      encoding: 'utf8',
      env: { ...process.env, GIT_COMMITTER_DATE: '2026-01-02T03:04:05+02:00' },
    }).trim();

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'facts-'));
    git('init', '-q');
    writeFileSync(join(root, 'a'), 'a');
    git('add', 'a');
    git('commit', '-qm', 'first');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('tell the commit, when it was made, and that nothing differs from it', async () => {
    const facts = { GitCommit: git('rev-parse', 'HEAD'), GitTreeState: 'clean', BuildDate: '2026-01-02T01:04:05Z' };
    expect(await checkoutFacts(root)).toEqual(facts);
    git('tag', 'v1.2.3');
    expect(await checkoutFacts(root)).toEqual({ ...facts, GitTag: 'v1.2.3' });
    writeFileSync(join(root, 'a'), 'b');
    expect(await checkoutFacts(root)).toMatchObject({ GitTreeState: 'dirty' });
  });

  it('are of no repository further up, and of none where there is none', async () => {
    const below = join(root, 'node_modules');
    mkdirSync(below);
    expect(await checkoutFacts(below)).toBeUndefined();
    expect(await checkoutFacts(join(root, 'absent'))).toBeUndefined();
  });
});
