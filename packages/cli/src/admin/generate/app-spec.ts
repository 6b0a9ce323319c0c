import { applicationApiVersion } from '@plumbline/apis';
import { type CreateOptions, declaredApplications } from '../../app/define.ts';
import type { Terminal } from '../../terminal.ts';
import { type SpecOutput, writeSpec } from './write-spec.ts';

/** `plumb admin app generate-spec`: the Application that the flags, or a file and the flags, describe. */
export async function generateApp(
  terminal: Terminal,
  name: string | undefined,
  options: Omit<CreateOptions, 'output'> & SpecOutput,
): Promise<void> {
  for (const application of await declaredApplications(name, { ...options, output: options.output })) {
    await writeSpec(terminal, { apiVersion: applicationApiVersion, kind: 'Application', ...application }, options);
  }
}
