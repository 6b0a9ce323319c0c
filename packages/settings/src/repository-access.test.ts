import { describe, expect, it } from 'vitest';
import type { Document } from './documents.ts';
import { findRepositoryAccess } from './repository-access.ts';
import { type Data, readSecrets as read, typedSecret } from './test-support/snapshots.ts';

const repository = (name: string, data: Data) => typedSecret('repository', name, data);
const template = (name: string, data: Data) => typedSecret('repo-creds', name, data);

const sshKnownHosts = 'h ssh-ed25519 AAAA\n';

function access(secrets: Document[], url: string, project = 'default', certificates: Data = {}) {
  return findRepositoryAccess(
    read(secrets).repositories,
    { tlsCertificates: certificates, sshKnownHosts },
    { url, project },
  );
}

const url = 'https://git.example.com/org/repo';

describe('repositoryAccess', () => {
  it('is the plain URL where no Secret is about it', () => expect(access([], url)).toEqual({ url }));

  it('takes all fields of the repository’s Secret, and the URL as it was asked for', () => {
    const data = {
      url: `${url}.git`,
      username: 'u',
      password: 'p',
      tlsClientCertData: 'cert',
      tlsClientCertKey: 'key',
      insecure: 'true',
      enableLfs: 'true',
      forceHttpBasicAuth: 'true',
      proxy: 'http://proxy',
      noProxy: 'x',
    };
    expect(access([repository('r', data)], url)).toEqual({
      url,
      username: 'u',
      password: 'p',
      tlsClientCert: 'cert',
      tlsClientKey: 'key',
      insecure: true,
      enableLfs: true,
      forceHttpBasicAuth: true,
      proxy: 'http://proxy',
      noProxy: 'x',
    });
  });

  it.each([
    'https://git.example.com/org/repo.git',
    'https://GIT.example.com/org/repo',
    'https://git.example.com/org/repo/',
  ])('knows the repository again as %s', (written) =>
    expect(access([repository('r', { url, password: 'p' })], written)).toEqual({ url: written, password: 'p' }),
  );

  it('reads an ssh key for both ways to write an ssh URL', () => {
    const secrets = [repository('r', { url: 'git@h:o/r.git', sshPrivateKey: 'key', insecureIgnoreHostKey: 'true' })];
    expect(access(secrets, 'ssh://git@h/o/r')).toEqual({
      url: 'ssh://git@h/o/r',
      sshKnownHosts,
      sshPrivateKey: 'key',
      insecure: true,
    });
  });

  it.each(['git@h:o/r.git', 'ssh://git@h/o/r', 'SSH://git@h:22/o/r'])('knows the ssh hosts for %s', (written) =>
    expect(access([], written).sshKnownHosts).toBe(sshKnownHosts),
  );

  it('read identities of clouds, as repositories and as templates spell them', () => {
    const url = 'https://dev.azure.com/team/_git/app';
    const cloud = (secret: Record<string, string>, of = repository) => access([of('r', { url, ...secret })], url).cloud;
    const principal = { kind: 'azure-principal', clientId: 'c', tenantId: 't', clientSecret: 's' };
    expect(cloud({ gcpServiceAccountKey: '{"type": "service_account"}' })).toEqual({
      kind: 'google',
      serviceAccountKey: '{"type": "service_account"}',
    });
    expect(cloud({ useAzureWorkloadIdentity: 'true' })).toEqual({ kind: 'azure-workload' });
    expect(cloud({ useAzureWorkloadIdentity: 'false' })).toBeUndefined();
    expect(
      cloud({
        azureServicePrincipalClientId: 'c',
        azureServicePrincipalTenantId: 't',
        azureServicePrincipalClientSecret: 's',
        azureActiveDirectoryEndpoint: 'https://login.example.com',
      }),
    ).toEqual({ ...principal, endpoint: 'https://login.example.com' });
    expect(
      cloud(
        {
          azureServicePrincipalClientID: 'c',
          azureServicePrincipalTenantID: 't',
          azureServicePrincipalClientSecret: 's',
        },
        template,
      ),
    ).toEqual(principal);
    expect(cloud({ azureServicePrincipalClientId: 'c' })).toBeUndefined();
  });

  it('reads depth, and a GitHub App with all it needs', () => {
    const app = { githubAppID: '1', githubAppInstallationID: ' 2\n', githubAppPrivateKey: 'PEM' };
    const enterprise = { ...app, githubAppEnterpriseBaseUrl: 'https://ghe.example.com/api/v3/' };
    const githubApp = { appId: '1', installationId: '2', privateKey: 'PEM' };
    expect(access([repository('r', { url, depth: '3', ...app })], url)).toEqual({ url, depth: 3, githubApp });
    expect(access([template('t', { url, ...enterprise })], url).githubApp).toEqual({
      ...githubApp,
      baseUrl: 'https://ghe.example.com/api/v3',
    });
  });

  it('tells what a GitHub App lacks, and a depth that is none', () => {
    const data = { url, depth: '-1', githubAppID: 'x', githubAppPrivateKey: 'PEM' };
    const { problems } = read([repository('r', data)]);
    expect(problems.map(({ key }) => key).sort()).toEqual(['depth', 'githubAppID', 'githubAppID']);
    expect(access([repository('r', data)], url)).toEqual({ url });
  });

  it('takes a GitHub App without its installation, which the URL tells', () => {
    const data = { url, githubAppID: '1', githubAppPrivateKey: 'PEM' };
    expect(read([repository('r', data)]).problems).toEqual([]);
    expect(access([repository('r', data)], url)).toEqual({ url, githubApp: { appId: '1', privateKey: 'PEM' } });
  });

  it('prefers the project’s own Secret, and never takes another project’s', () => {
    const common = repository('a', { url, password: 'common' });
    const own = repository('b', { url, password: 'own', project: 'team' });
    expect(access([common, own], url, 'team').password).toBe('own');
    expect(access([common, own], url, 'other').password).toBe('common');
    expect(access([own], url, 'other')).toEqual({ url });
  });

  it('takes the longest template that fits', () => {
    const secrets = [
      template('a', { url: 'https://git.example.com', password: 'host' }),
      template('b', { url: 'https://git.example.com/org/', password: 'org' }),
      template('c', { url: 'https://git.example.com/org/other', password: 'other' }),
    ];
    expect(access(secrets, url).password).toBe('org');
    expect(access(secrets, 'https://git.example.com/else/repo').password).toBe('host');
  });

  it('takes a template only for its project where it names one', () => {
    const secrets = [template('a', { url: 'https://git.example.com/', password: 'p', project: 'team' })];
    expect(access(secrets, url, 'team').password).toBe('p');
    expect(access(secrets, url, 'other')).toEqual({ url });
  });

  it('fills a Secret without credentials from the template', () => {
    const secrets = [
      repository('r', { url, insecure: 'true' }),
      template('t', { url: 'https://git.example.com/', username: 'u', password: 'p' }),
    ];
    expect(access(secrets, url)).toEqual({ url, username: 'u', password: 'p', insecure: true });
  });

  it('leaves a Secret with credentials alone', () => {
    const secrets = [
      repository('r', { url, bearerToken: 't' }),
      template('t', { url: 'https://git.example.com/', username: 'u', password: 'p' }),
    ];
    expect(access(secrets, url)).toEqual({ url, bearerToken: 't' });
  });

  it.each([
    'https://git.example.com.evil.org/org/repo',
    'https://git.example.com@evil.org/org/repo',
    'https://git.example.community/r',
  ])('does not send a host’s credentials to %s', (other) => {
    expect(
      access([template('t', { url: 'https://git.example.com', password: 'secret' })], other).password,
    ).toBeUndefined();
  });

  it('takes user and password out of the URL', () => {
    expect(access([], 'https://me:s%40crt@git.example.com/org/repo')).toEqual({
      url,
      username: 'me',
      password: 's@crt',
    });
  });

  it('trusts the certificate of the host', () => {
    const certificates = { 'git.example.com': 'PEM' };
    expect(access([], 'https://git.example.com:8443/r', 'default', certificates).certificateAuthority).toBe('PEM');
    expect(access([], 'https://other.example.com/r', 'default', certificates).certificateAuthority).toBeUndefined();
  });

  it('tells a Secret without URL, and lists the others', () => {
    const { repositories, problems } = read([
      repository('empty', {}),
      repository('r', { url, name: 'n', type: 'git', project: 'team' }),
    ]);
    expect(problems).toEqual([{ object: 'Secret empty', key: 'url', message: 'missing: the URL of the repository' }]);
    expect(repositories.repositories.map(({ entry }) => entry)).toEqual([
      { url, name: 'n', type: 'git', project: 'team', secretName: 'r' },
    ]);
  });

  it('tells a Helm repository without name, and a type that does not exist', () => {
    const { problems } = read([repository('h', { url, type: 'helm' }), repository('x', { url, type: 'svn' })]);
    expect(problems.map(({ object, key }) => `${object} ${key}`)).toEqual(['Secret h name', 'Secret x type']);
  });
});
