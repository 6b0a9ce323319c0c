import { connect, type GlobalOptions } from '../config/connect.ts';
import { confirm } from '../confirm.ts';
import { Fatal } from '../fatal.ts';
import type { Terminal } from '../terminal.ts';

interface ApproveOptions extends GlobalOptions {
  yes?: boolean;
}

/** `plumb app approve`: lets a held operation delete what it holds for. Without a digest, what it holds for now. */
export async function approveDeletions(
  terminal: Terminal,
  name: string,
  options: ApproveOptions & { digest?: string | undefined },
): Promise<void> {
  const client = await connect(options);
  const params = { name };
  let { digest } = options;
  if (!digest) {
    const { approval } = await client.call('runningPlan', { params });
    if (!approval)
      throw new Fatal(`application ${name} waits for no approval`, { next: `plumb app get ${name} tells its state` });
    digest = approval.digest;
    terminal.out(`${approval.reason}\n`);
    if (!(await confirm(terminal, 'Delete them?', options))) {
      terminal.out('nothing is approved\n');
      return;
    }
  }
  await client.call('approveDeletions', { params, body: { digest } });
  terminal.out(`deletions ${digest} of '${name}' are approved\n`);
}

/** `plumb app unpin`: automation takes up again the revisions that a rollback told it to skip. */
export async function releaseRevisions(terminal: Terminal, name: string, options: GlobalOptions): Promise<void> {
  const client = await connect(options);
  await client.call('releaseRevisions', { params: { name } });
  terminal.out(`automation of '${name}' skips nothing any more\n`);
}
