import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createGuardian,
  ensureTools,
  startControlPlane,
  startRedis,
  type ToolProgress,
  toolProgressLine,
} from '@plumbline/embedded-cluster';
import { installCrds } from './install-crds.ts';
import { readKubeconfig } from './kubeconfig.ts';

/** A control plane that several tests share: keep to namespaces of your own. */
export interface SharedControlPlane {
  /** Path of the administrator's kubeconfig. */
  kubeconfig: string;
  server: string;
}

/** Starts each part when it is first asked for, once. */
export interface SharedParts {
  controlPlane(): Promise<SharedControlPlane>;
  /** URL of a Redis. */
  redis(): Promise<string>;
  /** Stops what was started and removes its files. */
  stop(): Promise<void>;
}

/**
 * The real parts of one test run. `PLUMB_TEST_KUBECONFIG` and `PLUMB_TEST_REDIS` name running ones to use instead. However
 * the process ends, a guardian ends what was started and removes its files.
 */
export function createSharedParts(): SharedParts {
  const guardian = createGuardian();
  const stops: (() => Promise<void>)[] = [];
  const controlPlane = once(async () => {
    const given = process.env['PLUMB_TEST_KUBECONFIG'];
    if (given) return withCrds(given);
    const tools = await ensureTools({ names: [...planeTools], onProgress: tellProgress });
    const folder = await mkdtemp(join(tmpdir(), 'plumbline-test-'));
    guardian.discard(folder);
    const plane = await startControlPlane({ folder, tools, guardian });
    stops.push(() => plane.stop());
    return withCrds(plane.kubeconfig);
  });
  const redis = once(async () => {
    const given = process.env['PLUMB_TEST_REDIS'];
    if (given) return given;
    const server = await startRedis({ guardian });
    stops.push(() => server.stop());
    return server.url;
  });
  return {
    controlPlane,
    redis,
    async stop() {
      for (const stop of stops.splice(0).reverse()) await stop();
      guardian.close();
    },
  };
}

const planeTools = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kwok',
  'kwok-stages',
] as const;

async function withCrds(kubeconfig: string): Promise<SharedControlPlane> {
  const login = await readKubeconfig(kubeconfig);
  await installCrds(login);
  return { kubeconfig, server: login.server };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function tellProgress(event: ToolProgress): void {
  const line = toolProgressLine(event);
  if (line) process.stderr.write(`${line}\n`);
}
