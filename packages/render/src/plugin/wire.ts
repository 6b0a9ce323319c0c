import { PlumblineError } from '@plumbline/errors';
import type { RepositoryAccess } from '@plumbline/git';

/**
 * What a repo-server and a plugin server say to each other: HTTP over a unix socket. Both are parts of the same release,
 * so that one version is spoken at a time.
 */
export const routes = {
  /** GET → a `PluginDescription`. */
  describe: '/v1/plugin',
  /** POST a source → {@link MatchAnswer}. */
  match: '/v1/match',
  /** POST a source → the manifests as the command printed them. */
  generate: '/v1/generate',
  /** POST a source → the announcements of parameters, a list. */
  parameters: '/v1/parameters',
} as const;

/** The digest of the plugin that the request is meant for; another one answers 409. */
export const digestHeader = 'x-plumbline-plugin';

/** Answer to {@link routes.match}. */
export interface MatchAnswer {
  matches: boolean;
}

/** Body of an answer that is no success. */
export interface Refusal {
  message: string;
  hint?: string;
}

/** First frame of a source: what the commands are run with. */
export interface SourceHeader {
  /** The source's folder in the repository; '' for the root. */
  path: string;
  environment: Readonly<Record<string, string>>;
  /** For plugins with `provideGitCreds`: how git reaches the source's repository, while the commands run. */
  access?: RepositoryAccess;
}

/** An entry of the repository. The content of a file follows its frame, `size` bytes of it. */
export type EntryHeader =
  | { kind: 'folder'; path: string }
  | { kind: 'link'; path: string; target: string }
  | { kind: 'file'; path: string; size: number; executable: boolean };

/** Bytes of one frame; an environment with all API versions of a cluster is far smaller. */
const maxFrameBytes = 8 * 1024 * 1024;
const lengthBytes = 4;

/** A value as a frame: its length as 32 bits, big-endian, then JSON. */
export function frame(value: SourceHeader | EntryHeader): Buffer {
  const json = Buffer.from(JSON.stringify(value));
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32BE(json.length);
  return Buffer.concat([length, json]);
}

/** The frame that ends a source, so that a broken stream is told from a whole one. */
export const endFrame: Buffer = Buffer.alloc(lengthBytes);

/** Takes frames and the bytes between them out of a stream. */
export class FrameReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(stream: AsyncIterable<Buffer>) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  /** The next frame's value; undefined at the end frame. Throws `PLUGIN_PROTOCOL`. */
  async frame(): Promise<unknown> {
    const length = (await this.#take(lengthBytes)).readUInt32BE();
    if (length === 0) return undefined;
    if (length > maxFrameBytes) throw broken(`a frame of ${length} bytes`);
    try {
      return JSON.parse((await this.#take(length)).toString('utf8'));
    } catch (error) {
      throw error instanceof SyntaxError ? broken(error.message) : error;
    }
  }

  /** The next `size` bytes, piece by piece. */
  async *bytes(size: number): AsyncGenerator<Buffer> {
    for (let left = size; left > 0; ) {
      if (this.#rest.length === 0) await this.#more();
      const piece = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }

  /** Reads no further; the stream itself stays open. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  async #take(size: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for await (const piece of this.bytes(size)) pieces.push(piece);
    return pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces);
  }

  async #more(): Promise<void> {
    const { done, value } = await this.#chunks.next();
    if (done) throw broken('the stream ended too early');
    this.#rest = value;
  }
}

function broken(problem: string): PlumblineError {
  return new PlumblineError('PLUGIN_PROTOCOL', `the source sent to the plugin server is broken: ${problem}`, {
    retry: 'transient',
  });
}
