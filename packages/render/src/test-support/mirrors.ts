import { createGitBackend, createMirrors, type Mirrors } from '@plumbline/git';
import { createMetrics, silentLogger } from '@plumbline/telemetry';

/** Mirrors below a folder, without logs and metrics. */
export function testMirrors(folder: string): Mirrors {
  const metrics = createMetrics({ processMetrics: false });
  return createMirrors({ backend: createGitBackend({ logger: silentLogger, metrics }), folder, logger: silentLogger });
}
