import type { BatchAnswer } from './batch-parser.ts';
import { CatFileProcess, type CatFileProgram, type CatFileRequest } from './cat-file-process.ts';
import { GitFailure } from './run-git.ts';

interface CatFileOptions extends CatFileProgram {
  /** The process ends after this time (ms) without a request; the next one starts it again. */
  idleMs: number;
}

const stopped = (): GitFailure => new GitFailure('stopped', false);

/**
 * Reads objects through one long-lived `git cat-file --batch-command`: any number of requests on the way at once, answers in
 * order. All requests of one turn of the event loop travel in one write.
 */
export class CatFile {
  readonly #options: CatFileOptions;
  #running: CatFileProcess | undefined;
  #unsent: CatFileRequest[] = [];
  #scheduled = false;
  #closed = false;
  #idle: NodeJS.Timeout | undefined;

  constructor(options: CatFileOptions) {
    this.#options = options;
  }

  /** @param name an object name without a newline. Rejects with {@link GitFailure} when git dies twice over it. */
  ask(command: 'contents' | 'info', name: string): Promise<BatchAnswer> {
    if (this.#closed) return Promise.reject(stopped());
    const { promise, resolve, reject } = Promise.withResolvers<BatchAnswer>();
    this.#unsent.push({ line: `${command} ${name}\n`, hasBody: command === 'contents', deaths: 0, resolve, reject });
    this.#schedule();
    return promise;
  }

  /** Lets the process go once it has answered what is under way; the next request starts another. */
  restart(): void {
    this.#running?.finish();
    this.#running = undefined;
  }

  /** Ends the process; requests under way and later ones are rejected. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#idle);
    for (const request of this.#unsent) request.reject(stopped());
    this.#unsent = [];
    await this.#running?.kill();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#send());
  }

  #send(): void {
    this.#scheduled = false;
    if (this.#unsent.length === 0 || this.#closed) return;
    clearTimeout(this.#idle);
    if (!this.#running?.writable) this.#running = this.#start();
    this.#running.send(this.#unsent);
    this.#unsent = [];
  }

  #start(): CatFileProcess {
    return new CatFileProcess(this.#options, {
      resting: () => this.#rest(),
      died: (process, unanswered) => this.#died(process, unanswered),
    });
  }

  #rest(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#running?.finish(), this.#options.idleMs);
    this.#idle.unref();
  }

  /** The request it died over gets a second process; the others wait for that one. */
  #died(process: CatFileProcess, unanswered: readonly CatFileRequest[]): void {
    if (this.#running === process) this.#running = undefined;
    const [first, ...others] = unanswered;
    if (!first) return;
    first.deaths++;
    if (this.#closed || (first.deaths > 1 && !process.useful)) {
      const failure = this.#closed ? stopped() : new GitFailure(process.stderr, false);
      for (const request of unanswered) request.reject(failure);
      return;
    }
    if (first.deaths > 1) first.reject(new GitFailure(process.stderr, false));
    this.#unsent = [...(first.deaths > 1 ? others : unanswered), ...this.#unsent];
    this.#schedule();
  }
}
