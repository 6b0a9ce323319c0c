import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { processCosts } from '../process-costs.ts';
import { percentile } from '../statistics.ts';
import { fleetSize, type Line, type Setting, serverOf, visible } from './setting.ts';

const rounds = 60;
const pageSize = 100;

interface Answer {
  seconds: number;
  /** Bytes on the wire. */
  bytes: number;
}

const agent = new Agent({ keepAlive: true });

/** One request, its body read to the end as it was sent: compressed. */
async function ask(url: string, token: string): Promise<Answer> {
  const started = performance.now();
  const headers = { authorization: `Bearer ${token}`, 'accept-encoding': 'gzip' };
  const request = get(url, { headers, agent });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  let bytes = 0;
  for await (const chunk of response) bytes += (chunk as Buffer).length;
  if (response.statusCode !== 200) throw new Error(`${url} answers ${response.statusCode}`);
  return { seconds: (performance.now() - started) / 1000, bytes };
}

const p95 = (answers: readonly Answer[]): number =>
  percentile(
    answers.map(({ seconds }) => seconds),
    0.95,
  );

/** The pages and the whole list of all Applications, beside a request that does next to nothing. */
export async function lists({ url, ready, admin, limited }: Setting): Promise<Line[]> {
  const targets = {
    empty: [`${url}/api/version`, admin],
    page: [`${url}/api/v1/applications?limit=${pageSize}`, admin],
    own: [`${url}/api/v1/applications`, limited],
    ownPage: [`${url}/api/v1/applications?limit=${visible}`, admin],
  } as const;
  const answers: Record<keyof typeof targets, Answer[]> = { empty: [], page: [], own: [], ownPage: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, [target, token]] of Object.entries(targets)) {
      answers[name as keyof typeof targets].push(await ask(target, token));
    }
  }
  const whole = [];
  for (let round = 0; round < 3; round += 1) whole.push(await ask(`${url}/api/v1/applications`, admin));
  const { memory } = await processCosts(serverOf(ready));
  const kilobytes = (answers.page[0]?.bytes ?? Number.NaN) / 1000;
  return [
    [`first ${pageSize} of ${fleetSize}, gzip`, `${kilobytes.toFixed(0)} KB`, '≤ 100 KB'],
    ['… p95 latency, of an empty request', `${(p95(answers.page) / p95(answers.empty)).toFixed(1)} ×`, '≤ 10 ×'],
    [
      `caller who sees ${visible}, of a page of ${visible}`,
      `${(p95(answers.own) / p95(answers.ownPage)).toFixed(1)} ×`,
      '≤ 1.5 ×',
    ],
    ['whole list, gzip', `${Math.max(...whole.map(({ seconds }) => seconds)).toFixed(2)} s`, '≤ 1 s'],
    ['memory of the engine, its API server among it', `${memory.toFixed(0)} MiB`, ''],
  ];
}
