import { join } from 'node:path';

/**
 * The environment of a tool: PATH and private folders below `home`, and nothing else, so that no identity, cluster
 * access or personal configuration of this process reaches it.
 */
export function toolEnvironment(home: string): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
    HOME: home,
    TMPDIR: home,
    XDG_CACHE_HOME: join(home, 'cache'),
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_DATA_HOME: join(home, 'data'),
    HELM_CACHE_HOME: join(home, 'helm/cache'),
    HELM_CONFIG_HOME: join(home, 'helm/config'),
    HELM_DATA_HOME: join(home, 'helm/data'),
    // A remote base is fetched from a remote, never from this machine.
    GIT_ALLOW_PROTOCOL: 'https:http:ssh:git',
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_NOSYSTEM: '1',
    // Render tools work in one thread, and are many: more threads would only take turns (a thirtieth of a run's CPU).
    GOMAXPROCS: '1',
    // Most runs end before a first collection is worth its cost (a sixth of a run's CPU); large ones are bounded.
    GOGC: '800',
    GOMEMLIMIT: '512MiB',
  };
}
