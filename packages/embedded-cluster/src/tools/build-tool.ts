import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PlumblineError } from '@plumbline/errors';
import type { GoTool, ModuleFiles } from './catalog.ts';
import { findGo, type Go } from './go.ts';

/**
 * Builds a program into `target`. The link goes to a temporary name first, so that `target` is whole or not there;
 * a build that was broken off goes on where it was, because Go keeps every compiled package.
 * Throws `EMBEDDED_GO_MISSING` or `EMBEDDED_BUILD_FAILED` with the last lines of Go's own words.
 */
export async function buildGoTool(tool: GoTool, target: string, signal?: AbortSignal): Promise<void> {
  const go = await findGo(tool.module, `build ${tool.package}`);
  await intoPlace(target, async (draft) => {
    const args = ['build', '-trimpath', '-buildvcs=false', '-ldflags', tool.ldflags, '-o', draft, tool.package];
    const { code, stderr } = await go(tool.module, args, signal);
    signal?.throwIfAborted();
    if (code !== 0) throw buildError(`go build ${tool.package}`, stderr);
  });
}

/** Joins files of a Go module into one YAML stream at `target`. Errors as {@link buildGoTool}. */
export async function copyModuleFiles(tool: ModuleFiles, target: string, signal?: AbortSignal): Promise<void> {
  const go = await findGo(tool.module, `fetch files of ${tool.source}`);
  const folder = await downloadedFolder(go, tool, signal);
  const texts = await Promise.all(tool.files.map((file) => readFile(join(folder, file), 'utf8')));
  await intoPlace(target, (draft) =>
    writeFile(
      draft,
      texts
        .map((text) => text.trimEnd())
        .join('\n---\n')
        .concat('\n'),
    ),
  );
}

async function downloadedFolder(go: Go, tool: ModuleFiles, signal?: AbortSignal): Promise<string> {
  const { code, stdout, stderr } = await go(tool.module, ['mod', 'download', '-json', tool.source], signal);
  signal?.throwIfAborted();
  if (code !== 0) throw buildError(`go mod download ${tool.source}`, stderr || stdout);
  const answer: unknown = JSON.parse(stdout);
  if (typeof answer === 'object' && answer !== null && 'Dir' in answer && typeof answer.Dir === 'string') {
    return answer.Dir;
  }
  throw buildError(`go mod download ${tool.source}`, stdout);
}

async function intoPlace(target: string, make: (draft: string) => Promise<void>): Promise<void> {
  const draft = `${target}.${randomUUID()}.tmp`;
  try {
    await make(draft);
    await rename(draft, target);
  } finally {
    await rm(draft, { force: true });
  }
}

function buildError(what: string, stderr: string): PlumblineError {
  const words = stderr.trim().split('\n').slice(-15).join('\n');
  return new PlumblineError('EMBEDDED_BUILD_FAILED', `${what} failed: ${words}`, {
    hint: 'modules come from the Go module proxy: check the network, $GOPROXY and free disk space (about 6 GB), then run it again; it goes on where it stopped',
  });
}
