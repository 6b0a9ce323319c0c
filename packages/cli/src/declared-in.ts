import { Fatal } from './fatal.ts';
import { fileOf } from './read-file.ts';

/** The text of a file of this machine, of a URL, or of standard input (`-`). */
async function textOf(file: string): Promise<string> {
  if (!/^https?:\/\//i.test(file)) return (await fileOf(file, 'file')) ?? '';
  const answer = await fetch(file).catch((error: Error) => {
    throw new Fatal(`cannot read ${file}: ${error.cause instanceof Error ? error.cause.message : error.message}`);
  });
  if (!answer.ok) throw new Fatal(`cannot read ${file}: it answers ${answer.status} ${answer.statusText}`);
  return answer.text();
}

/**
 * Every YAML document of a kind in a file, a URL or standard input. Throws Fatal where one is of another kind, and where there
 * is none.
 */
export async function declaredIn<T>(file: string, kind: string): Promise<T[]> {
  const { loadAll } = await import('js-yaml');
  const text = await textOf(file);
  let documents: unknown[];
  try {
    documents = loadAll(text).filter((document) => document !== null && document !== undefined);
  } catch (error) {
    throw new Fatal(`${file} is no YAML: ${error instanceof Error ? error.message : String(error)}`, { exitCode: 1 });
  }
  for (const document of documents) {
    const found: unknown = typeof document === 'object' && document && 'kind' in document ? document.kind : undefined;
    if (typeof document === 'object' && (found === undefined || found === kind)) continue;
    throw new Fatal(`${file} holds ${found ? `a ${String(found)}` : 'text'} where ${kind} is expected`, {
      exitCode: 1,
    });
  }
  if (documents.length === 0) throw new Fatal(`${file} holds no ${kind}`, { exitCode: 1 });
  return documents as T[];
}
