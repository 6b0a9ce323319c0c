import { Worker } from 'node:worker_threads';
import { PlumblineError } from '@plumbline/errors';
import type { JqMessage, JqTask } from './jq-thread.ts';

/**
 * Runs jq programs one after the other in a thread of their own, which is ended where a program takes too long: an
 * expression that never ends holds up nobody but the Application it belongs to.
 */
export class JqRunner {
  #thread: Promise<Worker> | undefined;
  #last: Promise<unknown> = Promise.resolve();

  /** Throws `JQ_TIMEOUT`, or `JQ_FAILED` with jq's own words. */
  run(task: JqTask, timeoutMs: number): Promise<string> {
    const result = this.#last.then(() => this.#run(task, timeoutMs));
    this.#last = result.catch(() => {});
    return result;
  }

  /** Ends the thread; the next run starts a new one. */
  async close(): Promise<void> {
    const thread = this.#thread;
    this.#thread = undefined;
    await (await thread?.catch(() => undefined))?.terminate();
  }

  async #run(task: JqTask, timeoutMs: number): Promise<string> {
    this.#thread ??= startThread();
    const thread = await this.#thread;
    try {
      return await exchange(thread, task, timeoutMs);
    } catch (error) {
      if (!(error instanceof PlumblineError) || error.code !== 'JQ_FAILED') await this.close();
      throw error;
    }
  }
}

function exchange(thread: Worker, task: JqTask, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const settle = (end: () => void) => {
      clearTimeout(timer);
      thread.removeAllListeners('message').removeAllListeners('exit').unref();
      end();
    };
    const timer = setTimeout(() => settle(() => reject(timedOut(timeoutMs))), timeoutMs);
    thread.ref();
    thread.once('exit', () => settle(() => reject(stopped())));
    thread.once('message', (message: JqMessage) =>
      settle(() => {
        if ('output' in message) resolve(message.output);
        else reject(new PlumblineError('JQ_FAILED', 'error' in message ? message.error : 'no answer'));
      }),
    );
    thread.postMessage(task);
  });
}

function startThread(): Promise<Worker> {
  const thread = new Worker(new URL('./jq-thread.ts', import.meta.url));
  return new Promise((resolve, reject) => {
    thread.once('message', () => {
      thread.removeAllListeners('exit');
      thread.on('error', () => {});
      thread.unref();
      resolve(thread);
    });
    thread.once('error', reject);
    thread.once('exit', () => reject(stopped()));
  });
}

function timedOut(timeoutMs: number): PlumblineError {
  return new PlumblineError('JQ_TIMEOUT', `jq did not end within ${timeoutMs} ms`, {
    hint: 'simplify the jqPathExpressions of ignoreDifferences, or raise controller.ignore.normalizer.jq.timeout in argocd-cmd-params-cm',
  });
}

function stopped(): PlumblineError {
  return new PlumblineError('JQ_STOPPED', 'the thread that runs jq has ended', { retry: 'transient' });
}
