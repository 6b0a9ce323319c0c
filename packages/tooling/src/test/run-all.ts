import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { addCounts, type Counts, closingLine, countsOfReport } from './counts.ts';

const root = resolve(import.meta.dirname, '../../../..');
const config = join(root, 'packages/tooling/vitest.config.ts');
const bin = join(root, 'node_modules/.bin');

function run(command: string, args: readonly string[]): Promise<number> {
  return new Promise((done, failed) => {
    const child = spawn(join(bin, command), args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}`, TURBO_TELEMETRY_DISABLED: '1' },
    });
    child.once('error', failed);
    child.once('exit', (code) => done(code ?? 1));
  });
}

async function check(name: string, command: string, args: readonly string[]): Promise<Counts> {
  console.log(`\n# ${name}`);
  const code = await run(command, args);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
}

async function suite(project: string, folder: string): Promise<Counts> {
  console.log(`\n# ${project} tests`);
  const report = join(folder, `${project}.json`);
  const args = [
    'run',
    '--config',
    config,
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ];
  const code = await run('vitest', args);
  return countsOfReport(() => readFileSync(report, 'utf8'), code);
}

const folder = mkdtempSync(join(tmpdir(), 'plumb-tests-'));
try {
  const wanted = process.argv.slice(2);
  const results: Counts[] = [];
  if (wanted.length === 0) {
    results.push(await check('types', 'turbo', ['run', 'typecheck', '--output-logs=errors-only']));
    results.push(await check('lint and format', 'biome', ['check', '--config-path', 'packages/tooling', '.']));
    results.push(await check('layers', 'node', ['packages/tooling/src/layers/main.ts']));
  }
  for (const project of wanted.length > 0 ? wanted : ['unit', 'integration', 'e2e'])
    results.push(await suite(project, folder));
  const total = addCounts(results);
  console.log(`\n${closingLine(total)}`);
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
