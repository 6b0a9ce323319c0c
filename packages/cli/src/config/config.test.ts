import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { splitWords } from '../split-words.ts';
import { configPath, readConfig, writeConfig } from './config-file.ts';
import { contextOf, contextOfServer, withContext, withoutContext, withoutToken } from './contexts.ts';
import { urlOfServer } from './url-of-server.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'plumb-config-'));
});
afterEach(async () => rm(home, { recursive: true }));

describe('configPath', () => {
  it('takes the named folder, an existing ~/.plumb, else the XDG folder', async () => {
    expect(configPath({ env: { PLUMB_CONFIG_DIR: '/x' }, home })).toBe('/x/config');
    expect(configPath({ env: { XDG_CONFIG_HOME: '/xdg' }, home })).toBe('/xdg/plumbline/config');
    expect(configPath({ env: {}, home })).toBe(join(home, '.config/plumbline/config'));
    await mkdir(join(home, '.plumb'));
    await writeFile(join(home, '.plumb/config'), '');
    expect(configPath({ env: { XDG_CONFIG_HOME: '/xdg' }, home })).toBe(join(home, '.plumb/config'));
  });
});

describe('the configuration file', () => {
  it('keeps contexts through writing and reading', async () => {
    const path = join(home, 'deep/config');
    expect((await readConfig(path)).contexts).toEqual([]);
    const one = withContext(await readConfig(path), { name: 'one', server: { server: 'https://a' }, token: 'T1' });
    const two = withContext(one, { name: 'two', server: { server: 'https://b', insecure: true }, token: 'T2' });
    await writeConfig(path, two);
    const file = await readConfig(path);
    expect(contextOf(file)).toEqual({ name: 'two', server: { server: 'https://b', insecure: true }, token: 'T2' });
    expect(contextOf(file, 'one')?.token).toBe('T1');
    expect(contextOfServer(file, 'https://a')?.name).toBe('one');
    expect(contextOf(withoutToken(file, 'two'))?.token).toBeUndefined();
    expect(contextOf(withoutContext(file, 'two'))).toBeUndefined();
    expect(withoutContext(file, 'two').servers).toEqual([{ server: 'https://a' }]);
  });

  it.each(['[broken', 'just a text', 'contexts: 5'])('that says %s is refused with the path', async (text) => {
    const path = join(home, 'config');
    await writeFile(path, text);
    await expect(readConfig(path)).rejects.toThrow(path);
  });
});

describe('urlOfServer', () => {
  it.each([
    ['localhost:9', {}, 'http://localhost:9'],
    ['127.0.0.1:9/', {}, 'http://127.0.0.1:9'],
    ['argocd.example.com', {}, 'https://argocd.example.com'],
    ['argocd.example.com', { plaintext: true }, 'http://argocd.example.com'],
    ['https://x.example/root/', {}, 'https://x.example/root'],
    ['argocd.example.com', { grpcWebRootPath: '/argo/cd' }, 'https://argocd.example.com/argo/cd'],
    ['localhost.example.com', {}, 'https://localhost.example.com'],
  ])('%s %j → %s', async (text, options, expected) => {
    expect(await urlOfServer(text, options)).toBe(expected);
  });
});

describe('splitWords', () => {
  it('splits at blanks and keeps quoted words together', () => {
    expect(splitWords(`--server a:1  --header 'X: y z' --name="b c"`)).toEqual([
      '--server',
      'a:1',
      '--header',
      'X: y z',
      '--name=b c',
    ]);
    expect(splitWords('')).toEqual([]);
  });
});
