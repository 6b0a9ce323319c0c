import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { gitConfigText } from './git-config.ts';

it.each([
  'plain',
  ' a " quote ',
  'back\\slash',
  '# no comment ; here',
  'two\nlines\tand a tab',
  'Authorization: Basic a==',
])('git reads back %j', (value) => {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-config-'));
  try {
    const file = join(folder, 'config');
    writeFileSync(
      file,
      gitConfigText([
        ['http.extraHeader', 'first'],
        ['http.extraHeader', value],
      ]),
    );
    const read = execFileSync('git', ['config', '--file', file, '--null', '--get-all', 'http.extraHeader']);
    expect(read.toString().split('\0').slice(0, -1)).toEqual(['first', value]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
