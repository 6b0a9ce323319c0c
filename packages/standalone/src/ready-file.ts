import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What `plumb up` tells when it is ready: all that is needed to use the installation. */
export interface ReadyFile {
  /** Of the REST API. */
  url: string;
  /** Path of the kubeconfig of the cluster that holds the Applications. */
  kubeconfig: string;
  namespace: string;
  /** '' where somebody else set the password. */
  adminPassword: string;
  redisUrl: string;
  /** `/metrics` by service. */
  metricsUrls: Record<string, string>;
  pids: {
    /** What does Plumbline's work: this process, repo-servers, Redis. */
    engine: number[];
    /** The embedded control plane; empty with `--kubeconfig`. */
    controlPlane: number[];
  };
}

/** Writes the file in one step, readable by its owner only (it holds a password). */
export async function writeReadyFile(path: string, ready: ReadyFile): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  await writeFile(temporary, `${JSON.stringify(ready, null, 2)}\n`, { mode: 0o600 });
  await rename(temporary, path);
}
