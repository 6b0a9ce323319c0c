import { expect, it } from 'vitest';
import { execLogin } from './exec-login.ts';

const credential = (status: object) => JSON.stringify({ kind: 'ExecCredential', status });
const answering = (script: string, env: Record<string, string> = {}) => ({
  command: 'sh',
  args: ['-c', script],
  env: Object.entries(env).map(([name, value]) => ({ name, value })),
});

it('tells the program that nobody sits at a terminal, and gives it nothing to read', async () => {
  const script = `cat; test "$(printf %s "$KUBERNETES_EXEC_INFO" | tr -d '"')" = "$EXPECTED" && printf %s "$OUTPUT"`;
  const apiVersion = 'client.authentication.k8s.io/v1beta1';
  const EXPECTED = `{kind:ExecCredential,apiVersion:${apiVersion},spec:{interactive:false}}`;
  const exec = answering(script, { EXPECTED, OUTPUT: credential({ token: 'abc' }) });
  const login = await execLogin('prod', { ...exec, apiVersion });
  expect(await login.authorization(false)).toBe('Bearer abc');
});

it('takes a certificate in place of a token', async () => {
  const status = { clientCertificateData: 'CERT', clientKeyData: 'KEY' };
  const login = await execLogin('prod', answering('printf %s "$OUTPUT"', { OUTPUT: credential(status) }));
  expect([login.tls, await login.authorization(false)]).toEqual([{ cert: 'CERT', key: 'KEY' }, undefined]);
});

it('asks again when the credential has expired or was refused, once for all that wait', async () => {
  const script = `printf '{"status":{"token":"%s","expirationTimestamp":"2026-01-01T00:01:00Z"}}' "$(date +%N)"`;
  let time = Date.parse('2026-01-01T00:00:00Z');
  const { authorization } = await execLogin('prod', answering(script), { now: () => time });
  const first = await authorization(false);
  expect(await authorization(false)).toBe(first);
  const refused = await Promise.all([authorization(true), authorization(false)]);
  expect(refused[0]).not.toBe(first);
  expect(refused[1]).toBe(refused[0]);
  time += 61_000;
  expect(await authorization(false)).not.toBe(refused[0]);
});

it.each([
  ['words of its own', answering('echo no luck >&2; exit 3'), 'failed: no luck'],
  ['no words', answering('exit 3'), 'sh ended with 3'],
  ['no credential', answering(`echo '{"status":{}}'`), 'sh answered no ExecCredential with a token or a certificate'],
  ['a broken answer', answering('echo secret-token'), 'sh answered no ExecCredential'],
  ['no end', answering('exec sleep 60'), 'sh did not answer within 0.3 s'],
  ['no command', {}, 'no command is given'],
])('names a program with %s', async (_case, exec, words) => {
  const attempt = execLogin('prod', exec, { timeoutMs: 300 });
  await expect(attempt).rejects.toThrow(words);
  await expect(attempt).rejects.not.toThrow('secret-token');
});

it('gives the hint of the configuration where the program is not there', async () => {
  const exec = { command: 'no-such-login', installHint: 'get it from example.org' };
  await expect(execLogin('prod', exec)).rejects.toMatchObject({
    code: 'KUBE_UNAUTHORIZED',
    message: 'the login helper of cluster "prod" failed: there is no program "no-such-login" on PATH',
    hint: 'get it from example.org',
  });
});
