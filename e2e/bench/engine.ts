import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGuardian } from '@plumbline/embedded-cluster';
import type { ReadyFile } from '@plumbline/standalone';
import { startEngine } from '../fixture/engine.ts';
import type { BenchOptions } from './options.ts';

/** The engine to measure; disposing ends it where it was started here. */
interface MeasuredEngine extends AsyncDisposable {
  readonly ready: ReadyFile;
}

/** The running engine of the ready file, or a new one with a data folder of its own. */
export async function openEngine({ readyFile, kubeconfig }: BenchOptions): Promise<MeasuredEngine> {
  if (readyFile) {
    const ready = JSON.parse(await readFile(readyFile, 'utf8')) as ReadyFile;
    return { ready, [Symbol.asyncDispose]: async () => {} };
  }
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-bench-'));
  const guardian = createGuardian();
  guardian.discard(folder);
  const close = async () => {
    guardian.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    const engine = await startEngine({ dataDir: folder, guardian, ...(kubeconfig ? { kubeconfig } : {}) });
    const stop = async () => {
      await engine.stop();
      await close();
    };
    return { ready: engine.ready, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await close();
    throw error;
  }
}
