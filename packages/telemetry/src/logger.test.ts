import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';

const source = new URL('./logger.ts', import.meta.url).href;

test.runIf(process.platform === 'linux')(
  'a full disk is told once and keeps no process from working or ending',
  async () => {
    const program = `
    import { createLogger } from ${JSON.stringify(source)};
    const logger = createLogger({ service: 'test', file: '/dev/full' });
    let lines = 0;
    const timer = setInterval(() => {
      logger.info('x'.repeat(100_000));
      if (++lines < 30) return;
      clearInterval(timer);
      console.log('worked');
    }, 1);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], { timeout: 20_000 });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    const code = await new Promise((done) => child.once('close', done));
    expect({ code, out }).toEqual({ code: 0, out: 'worked\n' });
    expect(err.match(/the log file \/dev\/full cannot be written: ENOSPC/g)).toHaveLength(1);
  },
  30_000,
);
