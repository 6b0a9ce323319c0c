import { ensureTools, toolProgressLine } from '@plumbline/embedded-cluster';

/** Programs that render, for use on this machine: from PATH in the right version, the cache, or built into it. */
export async function localTools(
  say: (line: string) => void,
): Promise<{ kustomize: string; helm: string; jsonnet: string }> {
  return ensureTools({
    names: ['kustomize', 'helm', 'jsonnet'],
    onProgress: (event) => {
      const line = toolProgressLine(event);
      if (line) say(line);
    },
  });
}
