import { resolve } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { resolveOptions } from './options.ts';

const env = { HOME: '/home/ann' };

describe('the options of plumb up', () => {
  it('have defaults', () => {
    expect(resolveOptions({}, env)).toEqual({
      kubeconfig: undefined,
      context: undefined,
      namespace: 'argocd',
      dataDir: '/home/ann/.local/share/plumbline',
      port: 8080,
      redis: undefined,
      readyFile: undefined,
      say: expect.any(Function),
    });
  });

  it.each([
    ['an option', { dataDir: '/data' }, { XDG_DATA_HOME: '/xdg' }, '/data'],
    ['the data home of the user', {}, { XDG_DATA_HOME: '/xdg' }, '/xdg/plumbline'],
    ['the home folder where the data home is empty', {}, { XDG_DATA_HOME: '' }, '/home/ann/.local/share/plumbline'],
  ])('take the data folder from %s', (_case, options, more, expected) => {
    expect(resolveOptions(options, { ...env, ...more }).dataDir).toBe(expected);
  });

  it('make paths absolute', () => {
    const options = { kubeconfig: 'kube/config', dataDir: 'data', readyFile: '../ready.json' };
    expect(resolveOptions(options, env)).toMatchObject({
      kubeconfig: resolve('kube/config'),
      dataDir: resolve('data'),
      readyFile: resolve('../ready.json'),
    });
  });

  it('take what is given, a port of 0 included', () => {
    const options = { port: 0, namespace: 'gitops', context: 'test', redis: 'redis://127.0.0.1:6379' };
    expect(resolveOptions(options, env)).toMatchObject(options);
  });

  it('speak on standard error, unless somebody else listens', () => {
    const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    resolveOptions({}, env).say('ready');
    expect(written).toHaveBeenCalledWith('ready\n');
    written.mockRestore();
    const say = vi.fn();
    resolveOptions({ say }, env).say('ready');
    expect(say).toHaveBeenCalledWith('ready');
  });
});
