import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { atEnd } from '../at-end.ts';
import { Fatal } from '../fatal.ts';

/** Which Service of which cluster. */
interface ForwardOptions {
  portForwardNamespace?: string;
  kubeContext?: string;
  serverName?: string;
}

const forwarded = /^Forwarding from 127\.0\.0\.1:(\d+)/;

/**
 * Reaches the server through the cluster of the kubeconfig, by `kubectl port-forward`, until the command ends; answers the
 * local address. Throws Fatal with what kubectl says.
 */
export async function forwardPort(options: ForwardOptions): Promise<string> {
  const { portForwardNamespace: namespace, kubeContext, serverName = 'argocd-server' } = options;
  const place = [...(kubeContext ? ['--context', kubeContext] : []), ...(namespace ? ['--namespace', namespace] : [])];
  const child = spawn('kubectl', ['port-forward', ...place, `service/${serverName}`, ':443'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  atEnd(async () => void child.kill());
  let told = '';
  child.stderr.on('data', (chunk: Buffer) => {
    told += chunk.toString();
  });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const next = 'name the namespace of the server with --port-forward-namespace';
  child.once('error', (error) =>
    reject(new Fatal(`cannot run kubectl: ${error.message}`, { next: 'install kubectl' })),
  );
  child.once('exit', () => reject(new Fatal(`kubectl port-forward has ended: ${told.trim()}`, { next })));
  createInterface({ input: child.stdout }).on('line', (line) => {
    const port = forwarded.exec(line)?.[1];
    if (port) resolve(`127.0.0.1:${port}`);
  });
  return promise;
}
