import { checkoutFacts } from '@plumbline/telemetry/program-facts';
import { describe, expect, it } from 'vitest';
import { plumb, useOwnConfiguration } from './test-support/run-plumb.ts';

const url = 'https://git.example/a';
const app = {
  metadata: { name: 'web', namespace: 'argocd' },
  spec: { project: 'default', source: { repoURL: url }, destination: {} },
};
const routes = {
  'GET /api/v1/repositories': { json: { items: [{ repo: url, type: 'git', connectionState: {} }] } },
  'GET /api/v1/repocreds': { json: { items: [{ url }] } },
  'GET /api/v1/clusters': { json: { items: [{ server: 'https://k', name: 'k', connectionState: {} }] } },
  'POST /api/v1/repocreds': { json: { url } },
  'GET /api/v1/applications/web': { json: app },
  'PUT /api/v1/applications/web/spec': { json: app.spec },
  'POST /api/v1/applications': { json: app },
  'GET /api/v1/projects/shop': { json: { metadata: { name: 'shop' }, spec: {} } },
  'PUT /api/v1/projects/shop': { json: {} },
  'GET /api/v1/applications/web/resource-tree': {
    json: { nodes: [{ version: 'v1', kind: 'Pod', namespace: 'n', name: 'p' }], orphanedNodes: [], hosts: [] },
  },
  'GET /api/v1/applications/web/resource/actions': { json: { actions: [] } },
};

useOwnConfiguration();

describe('words of Argo CD’s command line', () => {
  it.each([
    ['repo list -o url', `${url}\n`],
    ['repocreds list -o url', `${url}\n`],
    ['cluster list -o server', 'https://k\n'],
    ['app set web --env dev --revision v1', "application 'web' updated\n"],
    ['app actions list web --out json', '[]\n'],
  ])('are taken: %s', async (args, out) => {
    expect(await plumb(routes, args.split(' '))).toMatchObject({ code: 0, out });
  });

  it('name the proxy of credentials', async () => {
    const { requests } = await plumb(routes, ['repocreds', 'add', url, '--proxy-url', 'http://proxy']);
    expect(requests.at(-1)).toContain('"proxy":"http://proxy"');
  });

  it.each(['login', 'relogin'])('of a browser that is not opened are taken by %s', async (command) => {
    const { err } = await plumb({}, [command, '--sso', '--sso-launch-browser=false', '--callback', 'localhost:8085']);
    expect(err).not.toContain('unknown option');
  });
});

describe('commands that change what their flags name', () => {
  it.each(['app set web', 'app set web --source-position 1', 'app unset web --validate=false', 'proj set shop'])(
    'refuse to change nothing: %s',
    async (args) => {
      const { code, err, requests } = await plumb(routes, args.split(' '));
      expect({ code, requests }).toEqual({ code: 1, requests: [] });
      expect(err).toContain('nothing is chosen');
    },
  );
});

describe('values that are none', () => {
  it.each([
    'cert list --cert-type bogus',
    'cert rm host --cert-type bogus',
    'repo add https://git.example/b --type bogus',
    'repocreds add https://git.example/ --type bogus',
  ])('are refused before anything is asked: %s', async (args) => {
    expect(await plumb(routes, args.split(' '))).toMatchObject({ code: 1, requests: [] });
  });
});

describe('plumb version', () => {
  it('tells the version of the client also where the server does not answer', async () => {
    const { code, out, err } = await plumb({}, ['version']);
    expect(code).toBe(20);
    expect(out).toMatch(/^plumb: v\d/);
    expect(err).toContain('error: ');
  });

  it('names platforms as Argo CD does, and passes on all that a server tells of itself', async () => {
    const server = {
      Version: 'v3.1.0',
      GitCommit: 'c0ffee',
      GitTreeState: 'clean',
      GoVersion: 'go1.24',
      Compiler: 'gc',
    };
    const { out } = await plumb({ 'GET /api/version': { json: server } }, ['version', '-o', 'json']);
    const versions = JSON.parse(out);
    expect(versions.server).toEqual(server);
    expect(versions.client).toMatchObject({
      Platform: expect.stringMatching(/^(linux|darwin)\/(amd64|arm64)$/),
      Compiler: expect.stringContaining('v8'),
      ...(await checkoutFacts()),
    });
  });
});
