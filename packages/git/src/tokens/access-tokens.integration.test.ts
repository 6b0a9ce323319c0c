import { generateKeyPairSync, verify } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type TokenServer, tokenServer } from '../test-support/token-server.ts';
import { createAccessTokens } from './access-tokens.ts';

let server: TokenServer;
beforeAll(async () => {
  server = await tokenServer();
});
afterEach(() => {
  server.asked.length = 0;
  server.answers.clear();
});
afterAll(() => server[Symbol.asyncDispose]());

describe('the key of a Google service account', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const file = (more: object = {}) =>
    JSON.stringify({
      type: 'service_account',
      client_email: 'reader@team.iam.gserviceaccount.com',
      private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      private_key_id: 'key-1',
      token_uri: `${server.url}/token`,
      ...more,
    });
  const access = (more?: object) => ({
    url: 'https://source.developers.google.com/p/team/r/app',
    cloud: { kind: 'google', serviceAccountKey: file(more) } as const,
  });

  test('gives a token that is asked for once, by an assertion that it signs', async () => {
    const tokens = createAccessTokens();
    const both = await Promise.all([tokens.exchange(access()), tokens.exchange(access(), 'registry')]);
    expect(both.map(({ username, password }) => [username, password])).toEqual([
      ['reader@team.iam.gserviceaccount.com', 'token-1'],
      ['oauth2accesstoken', 'token-1'],
    ]);
    expect(both[0]).not.toHaveProperty('cloud');
    expect(server.asked).toHaveLength(1);
    const [header = '', claims = '', signature = ''] = (server.asked[0]?.['assertion'] ?? '').split('.');
    const signed = verify(
      'RSA-SHA256',
      Buffer.from(`${header}.${claims}`),
      publicKey,
      Buffer.from(signature, 'base64url'),
    );
    expect(signed).toBe(true);
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
      iss: 'reader@team.iam.gserviceaccount.com',
      aud: `${server.url}/token`,
    });
  });

  test.each([
    [{ token_uri: 'http://169.254.169.254/token' }, /no https address/],
    [{ token_uri: 'https://169.254.169.254/token' }, /link-local/],
    [{ token_uri: 'ftp://example.com' }, /no https address/],
    [{ private_key: 'canary-key' }, /private_key is no PEM key/],
    [{ type: 'authorized_user' }, /type is not service_account/],
  ])('is refused with %j, and told without the key', async (more, words) => {
    const error = await createAccessTokens()
      .exchange(access(more))
      .catch((caught: unknown) => caught);
    expect(String(error)).toMatch(words);
    expect(String(error)).not.toContain('canary-key');
    expect(server.asked).toEqual([]);
  });

  test('says what Google answers', async () => {
    server.answers.set('/token', { status: 400, body: { error: 'invalid_grant', error_description: 'Invalid JWT' } });
    await expect(createAccessTokens().exchange(access())).rejects.toMatchObject({
      code: 'GIT_AUTHENTICATION',
      message: expect.stringContaining('invalid_grant: Invalid JWT'),
    });
    server.answers.set('/token', { status: 503, body: {} });
    await expect(createAccessTokens().exchange(access())).rejects.toMatchObject({ retry: 'transient' });
  });
});

describe('a service principal of Azure', () => {
  test('gives a bearer token for its secret, from the endpoint of the Secret', async () => {
    const tokens = createAccessTokens();
    const cloud = { kind: 'azure-principal', clientId: 'c', clientSecret: 's3cret', tenantId: 't' } as const;
    const given = await tokens.exchange({
      url: 'https://dev.azure.com/team/_git/app',
      cloud: { ...cloud, endpoint: server.url },
    });
    expect(given).toEqual({ url: 'https://dev.azure.com/team/_git/app', bearerToken: 'token-1' });
    expect(server.asked).toMatchObject([
      { path: '/t/oauth2/v2.0/token', grant_type: 'client_credentials', client_id: 'c', client_secret: 's3cret' },
    ]);
    expect(server.asked[0]?.['scope']).toBe('499b84ac-1321-427f-aa17-267ca6975798/.default');
  });
});

describe('the workload identity of Azure', () => {
  let folder: string;
  let environment: Record<string, string>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plumbline-azure-'));
    const file = join(folder, 'token');
    await writeFile(file, 'projected\n');
    environment = {
      AZURE_CLIENT_ID: 'me',
      AZURE_TENANT_ID: 'tenant',
      AZURE_FEDERATED_TOKEN_FILE: file,
      AZURE_AUTHORITY_HOST: `${server.url}/`,
    };
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const cloud = { kind: 'azure-workload' } as const;

  test('gives a bearer token for repositories of Azure DevOps', async () => {
    const tokens = createAccessTokens({ environment });
    const url = 'https://dev.azure.com/team/_git/app';
    expect(await tokens.exchange({ url, cloud })).toEqual({ url, bearerToken: 'token-1' });
    expect(await tokens.exchange({ url: 'https://team.visualstudio.com/_git/b', cloud })).toMatchObject({
      bearerToken: 'token-1',
    });
    expect(server.asked).toMatchObject([{ client_assertion: 'projected', client_id: 'me' }]);
  });

  test('is exchanged at a registry for its password', async () => {
    const tokens = createAccessTokens({ environment, azureHosts: [server.host] });
    const access = { url: `oci://${server.host}/charts`, cloud, insecureOciForceHttp: true };
    expect(await tokens.exchange(access, 'registry')).toMatchObject({
      username: '00000000-0000-0000-0000-000000000000',
      password: 'refresh-2',
    });
    expect(server.asked[1]).toMatchObject({
      path: '/oauth2/exchange',
      service: server.host,
      access_token: 'token-1',
      tenant: 'tenant',
    });
  });

  test.each([
    ['https://evil.example/team/_git/app', 'git'],
    ['https://dev.azure.com.evil.example/x', 'git'],
    ['https://team.azurecr.io/x', 'git'],
    ['evil.example/charts', 'registry'],
    ['oci://teamazurecr.io/charts', 'registry'],
    ['https://team.azurecr.io.evil.example/', 'registry'],
  ] as const)('is not shown to %s (%s)', async (url, purpose) => {
    const asked = createAccessTokens({ environment }).exchange({ url, cloud }, purpose);
    await expect(asked).rejects.toMatchObject({
      code: 'GIT_AUTHENTICATION',
      message: expect.stringMatching(/no host of Azure/),
    });
    expect(server.asked).toEqual([]);
  });

  test('is told to be missing', async () => {
    const asked = createAccessTokens({ environment: {} }).exchange({ url: 'https://dev.azure.com/a/_git/b', cloud });
    await expect(asked).rejects.toThrow(/no AZURE_CLIENT_ID, AZURE_TENANT_ID, AZURE_FEDERATED_TOKEN_FILE/);
  });
});
