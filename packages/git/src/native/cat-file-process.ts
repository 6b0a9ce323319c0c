import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { type BatchAnswer, type BatchParser, createBatchParser } from './batch-parser.ts';

export interface CatFileProgram {
  git: string;
  /** Arguments before the command, for example `--git-dir=…`. */
  args: readonly string[];
  env: Record<string, string>;
}

/** One question to `git cat-file`. */
export interface CatFileRequest {
  line: string;
  hasBody: boolean;
  /** How many processes have ended while they had this to answer. */
  deaths: number;
  resolve(answer: BatchAnswer): void;
  reject(error: unknown): void;
}

interface CatFileEvents {
  /** Everything sent has been answered. */
  resting(): void;
  /** It has ended; `unanswered` is what it was sent and did not answer, in order. */
  died(process: CatFileProcess, unanswered: CatFileRequest[]): void;
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

const stderrLimit = 8192;

/** Ends a process with the helpers it started. It must lead its own process group. */
function endGroup(child: Child): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}

/** One running `git cat-file --batch-command`; it answers in the order of the requests. */
export class CatFileProcess {
  readonly #child: Child;
  readonly #events: CatFileEvents;
  readonly #parser: BatchParser;
  readonly #ended = Promise.withResolvers<void>();
  #sent: CatFileRequest[] = [];
  /** How many of the sent ones the chunk that is being read has answered. */
  #answered = 0;
  #useful = false;
  #stderr = '';

  constructor({ git, args, env }: CatFileProgram, events: CatFileEvents) {
    this.#events = events;
    this.#parser = createBatchParser(
      () => this.#sent[this.#answered]?.hasBody ?? false,
      (answer) => this.#answer(answer),
    );
    this.#child = spawn(git, [...args, 'cat-file', '--batch-command', '--buffer'], {
      env,
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    this.#listen(git);
  }

  get writable(): boolean {
    return this.#child.stdin.writable;
  }

  /** It has answered something, so that it is not git as a whole that fails. */
  get useful(): boolean {
    return this.#useful;
  }

  /** The end of what git said on its error output. */
  get stderr(): string {
    return this.#stderr;
  }

  send(requests: readonly CatFileRequest[]): void {
    this.#sent.push(...requests);
    this.#child.stdin.write(`${requests.map(({ line }) => line).join('')}flush\n`);
  }

  /** Lets it end once it has answered what it was sent. */
  finish(): void {
    this.#child.stdin.end();
  }

  /** Ends it at once; resolves when it has ended. */
  kill(): Promise<void> {
    endGroup(this.#child);
    return this.#ended.promise;
  }

  #listen(git: string): void {
    const { stdin, stdout, stderr } = this.#child;
    stdin.on('error', () => {});
    stdout.on('data', (chunk: Buffer) => this.#read(chunk));
    stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-stderrLimit);
    });
    this.#child.on('error', (error) => {
      this.#stderr += `${git}: ${error.message}`;
      this.#end();
    });
    this.#child.on('close', () => this.#end());
  }

  #read(chunk: Buffer): void {
    this.#parser.feed(chunk);
    this.#sent.splice(0, this.#answered);
    this.#answered = 0;
    if (this.#sent.length === 0) this.#events.resting();
  }

  #answer(answer: BatchAnswer): void {
    this.#sent[this.#answered]?.resolve(answer);
    this.#answered++;
    this.#useful = true;
  }

  #end(): void {
    this.#ended.resolve();
    const unanswered = this.#sent;
    this.#sent = [];
    this.#events.died(this, unanswered);
  }
}
