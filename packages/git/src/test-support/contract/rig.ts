import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@plumbline/telemetry';
import { type GitHttpServer, type GitRepository, gitHttpServer, gitRepository } from '@plumbline/testing';
import { afterEach, beforeEach } from 'vitest';
import { createGitBackend } from '../../create-git-backend.ts';
import type { GitBackend, Mirror } from '../../types.ts';

type Transport = 'file' | 'http';

export interface ContractCase {
  backend: GitBackend['name'];
  transport: Transport;
}

/** A real repository and a mirror of it, new for each test. */
export interface MirrorRig {
  readonly repository: GitRepository;
  /** Of the transport `http`. */
  readonly server: GitHttpServer | undefined;
  readonly mirror: Mirror;
  /** Closes the mirror and opens it again, as the next process does. */
  reopen(): Promise<void>;
  /** Writes `file.txt`: the new commit. */
  commit(text: string): Promise<string>;
  commitOf(revision: string, tagPrefix?: string): Promise<string>;
  /** @param name of a file at the top; default `file.txt`. */
  textAt(commit: string, name?: string): Promise<string>;
  /** The error that a revision is refused with. */
  refusal(revision: string, tagPrefix?: string): Promise<unknown>;
}

async function textAt(mirror: Mirror, commit: string, name: string): Promise<string> {
  const entries = await mirror.readTree(await mirror.rootTree(commit));
  const entry = entries.find((candidate) => candidate.name === name);
  return Buffer.from(await mirror.readBlob(entry?.oid ?? 'absent')).toString();
}

interface Opened {
  repository: GitRepository;
  server: GitHttpServer | undefined;
  mirror: Mirror;
  /** As the next process does. */
  openAgain(): Promise<Mirror>;
  remove(): Promise<void>;
}

async function openAll({ backend, transport }: ContractCase): Promise<Opened> {
  const repository = await gitRepository();
  const server = transport === 'http' ? await gitHttpServer({ folder: repository.folder }) : undefined;
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-mirror-'));
  const url = server?.repositoryUrl(repository) ?? repository.url;
  const openAgain = () =>
    createGitBackend({ name: backend, logger: silentLogger }).open({ url }, join(folder, 'mirror'));
  const remove = async () => {
    await server?.close();
    await repository[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  };
  return { repository, server, mirror: await openAgain(), openAgain, remove };
}

/** Opens a mirror of a new repository before each test of the suite around it, and removes both after it. */
export function mirrorRig(which: ContractCase): MirrorRig {
  let opened: Opened;
  beforeEach(async () => {
    opened = await openAll(which);
  });
  afterEach(async () => {
    await opened.mirror.close();
    await opened.remove();
  });

  return {
    get repository() {
      return opened.repository;
    },
    get server() {
      return opened.server;
    },
    get mirror() {
      return opened.mirror;
    },
    async reopen() {
      await opened.mirror.close();
      opened.mirror = await opened.openAgain();
    },
    commit: (text) => opened.repository.write('file.txt', text).commit(text),
    commitOf: async (revision, tagPrefix) => (await opened.mirror.resolve(revision, { tagPrefix })).commit,
    textAt: (commit, name = 'file.txt') => textAt(opened.mirror, commit, name),
    refusal: (revision, tagPrefix) =>
      opened.mirror.resolve(revision, { tagPrefix }).then(
        () => 'resolved',
        (error: unknown) => error,
      ),
  };
}
