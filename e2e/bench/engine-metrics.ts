/** Requests to API servers by verb, summed over `/metrics` of the services. */
export async function kubeRequests(metricsUrls: readonly string[]): Promise<Map<string, number>> {
  const pages = await Promise.all([...new Set(metricsUrls)].map(async (url) => (await fetch(url)).text()));
  const sums = new Map<string, number>();
  for (const [verb, count] of pages.flatMap(requestsIn)) sums.set(verb, (sums.get(verb) ?? 0) + count);
  return sums;
}

/** The samples of the request counter on a page in Prometheus' text format, as verb and value. */
export function requestsIn(page: string): [verb: string, count: number][] {
  const samples = page.matchAll(/^plumbline_kube_requests_total\{([^}]*)\} (\S+)/gm);
  return [...samples].map(([, labels = '', value]) => [labels.match(/verb="([^"]*)"/)?.[1] ?? '', Number(value)]);
}
