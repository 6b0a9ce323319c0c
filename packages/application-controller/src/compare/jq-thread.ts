import { parentPort } from 'node:worker_threads';
import { errorMessage } from '@plumbline/errors';
import { raw } from 'jq-wasm';

/** One run of jq. */
export interface JqTask {
  input: string;
  program: string;
}

/** What the thread tells: that it can begin, or how a task ended. */
export type JqMessage = { ready: true } | { output: string } | { error: string };

const port = parentPort;
if (port) {
  port.on('message', ({ input, program }: JqTask) => {
    raw(input, program, ['-c']).then(
      (output) => port.postMessage({ output } satisfies JqMessage),
      (error: unknown) => port.postMessage({ error: errorMessage(error) } satisfies JqMessage),
    );
  });
  // The program is loaded before it counts: a time limit is for the expressions alone.
  await raw('null', '.', ['-c']);
  port.postMessage({ ready: true } satisfies JqMessage);
}
