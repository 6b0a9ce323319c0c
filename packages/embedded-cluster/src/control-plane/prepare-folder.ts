import { chmod, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { schedulerConfiguration } from './arguments.ts';
import { type ClientName, type Credentials, loadCredentials, writePemFiles, writePrivate } from './credentials.ts';
import { waitForFreeFolder } from './folder-claim.ts';
import { kubeconfigFor } from './kubeconfig.ts';

/** File names of the kubeconfigs in the folder. */
export const kubeconfigFiles: Record<ClientName, string> = {
  admin: 'kubeconfig',
  'controller-manager': 'controller-manager.kubeconfig',
  scheduler: 'scheduler.kubeconfig',
  kwok: 'kwok.kubeconfig',
};

/** Makes the folder private to its owner and puts in all that does not depend on a port. */
export async function prepareFolder(folder: string, signal?: AbortSignal): Promise<Credentials> {
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o700);
  await waitForFreeFolder(folder, signal);
  const credentials = await loadCredentials(folder);
  await writePemFiles(join(folder, 'pki'), credentials);
  await writePrivate(join(folder, 'scheduler.json'), schedulerConfiguration());
  return credentials;
}

/** One kubeconfig per client, and the port for the next start. */
export async function writeKubeconfigs(folder: string, port: number, credentials: Credentials): Promise<void> {
  const { authority, clients } = credentials;
  const names = Object.keys(kubeconfigFiles) as ClientName[];
  await Promise.all(
    names.map((name) => {
      const text = kubeconfigFor({ server: serverUrl(port), authority: authority.certificate, client: clients[name] });
      return writePrivate(join(folder, kubeconfigFiles[name]), text);
    }),
  );
  await writePrivate(join(folder, 'port'), `${port}\n`);
}

/** The port of the run before: keeping it keeps copies of the kubeconfig valid. */
export async function lastPort(folder: string): Promise<number | undefined> {
  const text = await readFile(join(folder, 'port'), 'utf8').catch(() => '');
  return Number(text) || undefined;
}

export function serverUrl(port: number): string {
  return `https://127.0.0.1:${port}`;
}
