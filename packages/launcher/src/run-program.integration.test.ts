import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { Launcher, LauncherGone } from './launcher.ts';
import { runProgram } from './run-program.ts';
import type { ProgramRun } from './types.ts';

const env = { PATH: process.env['PATH'] ?? '' };

function shell(script: string, changes: Partial<ProgramRun> = {}): ProgramRun {
  const limits = { timeoutMs: 20_000, graceMs: 100, maxStdoutBytes: 1e6, maxStderrBytes: 1e3 };
  return { program: 'sh', args: ['-c', script], env, ...limits, ...changes };
}

/** Whether a process with this argument is there. */
function isRunning(argument: string): boolean {
  return execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
    .split('\n')
    .some((line) => line.trim() === argument);
}

describe('a program', () => {
  it('gives its output, its errors and its code', async () => {
    const outcome = await runProgram(shell('echo out; echo err >&2; exit 3'));
    expect({ ...outcome, stdout: `${outcome.stdout}`, stderr: `${outcome.stderr}` }).toEqual({
      code: 3,
      signal: null,
      stdout: 'out\n',
      stderr: 'err\n',
      stopped: undefined,
    });
  });

  it('sees the environment and the folder it is given, and nothing else', async () => {
    const outcome = await runProgram(shell('pwd; env', { cwd: '/', env: { ...env, ONLY: 'this' } }));
    const [folder, ...seen] = `${outcome.stdout}`.trim().split('\n');
    expect(folder).toBe('/');
    expect(seen.filter((line) => !/^(PWD|_|SHLVL|PATH|OLDPWD)=/.test(line))).toEqual(['ONLY=this']);
  });

  it('prints bytes, not text', async () => {
    const outcome = await runProgram(shell(String.raw`printf '\377\000\376'`));
    expect([...outcome.stdout]).toEqual([0xff, 0, 0xfe]);
  });

  it.each([
    ['takes too long', { timeoutMs: 50 }, 'sleep 20', 'timeout'],
    ['prints too much', { maxStdoutBytes: 10 }, 'echo 01234567890; sleep 20', 'output'],
    ['ignores SIGTERM', { timeoutMs: 50 }, "trap '' TERM; sleep 20 & wait; sleep 20", 'timeout'],
  ] as const)('that %s is ended', async (_case, changes, script, stopped) => {
    expect(await runProgram(shell(script, changes))).toMatchObject({ code: null, stopped });
  });

  it('is ended with what it started when it is aborted', async () => {
    const controller = new AbortController();
    const run = runProgram(shell('sleep 4711.25 & wait', { graceMs: 0 }), controller.signal);
    await vi.waitFor(() => expect(isRunning('sleep 4711.25')).toBe(true), 10_000);
    controller.abort();
    expect(await run).toMatchObject({ stopped: 'abort' });
    await vi.waitFor(() => expect(isRunning('sleep 4711.25')).toBe(false), 10_000);
  });

  it.each([
    ['does not exist', { program: 'no-such-program-here' }],
    ['is to run in a folder that does not exist', { cwd: '/no/such/folder' }],
  ])('that %s cannot be started', async (_case, changes) => {
    await expect(runProgram(shell('true', changes))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('runs beside others', async () => {
    const outcomes = await Promise.all([...Array(20).keys()].map((index) => runProgram(shell(`echo ${index}`))));
    expect(outcomes.map(({ stdout }) => Number(`${stdout}`))).toEqual([...Array(20).keys()]);
  });
});

/** The launching processes that this process has started. */
function launchers(): number[] {
  const lines = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], { encoding: 'utf8' });
  return lines
    .split('\n')
    .filter((line) => line.includes('launcher-process'))
    .map((line) => Number.parseInt(line, 10));
}

describe('the launching process', () => {
  it('is started again when it is killed, and the program with it', async () => {
    const run = runProgram(shell('sleep 0.5; echo done'));
    await vi.waitFor(() => expect(launchers().length).toBeGreaterThan(0), 10_000);
    for (const pid of launchers()) process.kill(pid, 'SIGKILL');
    expect(`${(await run).stdout}`).toBe('done\n');
  });

  it('says that it is gone, and ends what it ran', async () => {
    const before = launchers();
    const launcher = new Launcher(20_000);
    const run = launcher.run(shell('sleep 4711.5 & wait'));
    await vi.waitFor(() => expect(isRunning('sleep 4711.5')).toBe(true), 10_000);
    for (const pid of launchers().filter((each) => !before.includes(each))) process.kill(pid, 'SIGKILL');
    await expect(run).rejects.toThrow(LauncherGone);
    await vi.waitFor(() => expect(isRunning('sleep 4711.5')).toBe(false), 10_000);
  });

  it('ends when it has had nothing to do', async () => {
    const before = launchers();
    const launcher = new Launcher(50);
    await launcher.run(shell('true'));
    await vi.waitFor(() => expect(launcher.closed).toBe(true), 10_000);
    await vi.waitFor(() => expect(launchers().filter((pid) => !before.includes(pid))).toEqual([]), 10_000);
  });

  it('ends with its programs when its parent is killed', async () => {
    const script = `import { runProgram } from '${join(import.meta.dirname, 'run-program.ts')}';
      await runProgram(${JSON.stringify(shell('sleep 4711.75 & wait'))});`;
    const parent: ChildProcess = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: 'ignore',
    });
    await vi.waitFor(() => expect(isRunning('sleep 4711.75')).toBe(true), 10_000);
    parent.kill('SIGKILL');
    await vi.waitFor(() => expect(isRunning('sleep 4711.75')).toBe(false), 10_000);
  });
});
