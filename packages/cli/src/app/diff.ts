import { connect, type GlobalOptions } from '../config/connect.ts';
import { differing, diffText } from '../output/diff-text.ts';
import { bold, dim } from '../output/paint.ts';
import type { Terminal } from '../terminal.ts';
import { type RefreshOptions, refreshLevel } from './refresh-level.ts';

export interface DiffOptions extends GlobalOptions, RefreshOptions {
  exitCode: boolean;
  diffExitCode: number;
}

/** `plumb app diff`: the fields in which live and target state differ. Answers the exit code. */
export async function diffApp(terminal: Terminal, name: string, options: DiffOptions): Promise<number> {
  const client = await connect(options);
  const query = { refresh: refreshLevel(options) };
  await client.call('getApplication', { params: { name }, query });
  const { items } = await client.call('managedResources', { params: { name } });
  const found = differing(items);
  const style = { dim, now: terminal.now() };
  for (const item of found) {
    const [heading = '', ...lines] = diffText(item, style).split('\n');
    terminal.out(`${bold(heading)}\n${lines.join('\n')}`);
  }
  return found.length > 0 && options.exitCode ? options.diffExitCode : 0;
}
