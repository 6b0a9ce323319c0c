import { createConnection } from 'node:net';

/** Bytes that a Redis has read and written since it started. Throws where it does not answer. */
export function redisTraffic(redisUrl: string): Promise<number> {
  const { hostname, port, username, password } = new URL(redisUrl);
  const login = [username, password].filter(Boolean).map(decodeURIComponent).join(' ');
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: hostname, port: Number(port || 6379) });
    let answer = '';
    socket.once('error', reject);
    socket.on('data', (chunk) => {
      answer += chunk.toString('utf8');
    });
    socket.once('end', () => {
      const bytes = trafficIn(answer);
      if (bytes === undefined) reject(new Error(`Redis does not tell its traffic: ${answer.slice(0, 200)}`));
      else resolve(bytes);
    });
    socket.write(`${login ? `AUTH ${login}\r\n` : ''}INFO stats\r\nQUIT\r\n`);
  });
}

/** Sum of both directions in the answer to `INFO stats`; undefined where it is not one. */
export function trafficIn(info: string): number | undefined {
  const [input, output] = ['input', 'output'].map((way) => info.match(`total_net_${way}_bytes:(\\d+)`)?.[1]);
  return input === undefined || output === undefined ? undefined : Number(input) + Number(output);
}
