/**
 * The layers of the architecture. A package imports packages of lower layers, and of its own layer unless it is a
 * service: services never import each other. `private` packages serve builds and tests.
 */
export const layers: Readonly<Record<string, number>> = {
  apis: 0,
  errors: 0,
  telemetry: 0,
  manifests: 1,
  diff: 1,
  health: 1,
  sync: 1,
  access: 1,
  launcher: 2,
  git: 2,
  render: 2,
  cluster: 2,
  store: 2,
  settings: 2,
  protocol: 2,
  'repo-server': 3,
  'application-controller': 3,
  'api-server': 3,
  cli: 4,
  standalone: 4,
};

export const serviceLayer = 3;

/** Packages outside the layers, and who may import them from code that is not a test. */
export const privatePackages: Readonly<Record<string, readonly string[]>> = {
  'embedded-cluster': ['standalone', 'testing'],
  testing: ['e2e'],
  tooling: [],
};

/** Libraries that one package alone may import, so that its edge stays the only edge. */
export const soleImporters: Readonly<Record<string, string>> = {
  'isomorphic-git': 'git',
  '@kubernetes/client-node': 'cluster',
  ioredis: 'store',
  bullmq: 'store',
  casbin: 'access',
  express: 'api-server',
  wasmoon: 'health',
  'cel-js': 'health',
};

/** Modules of Node that packages of the pure layer may not touch. */
export const impureModules = /^node:(fs|net|http|https|child_process|process|dns|os|timers|worker_threads)/;

export interface ImportEdge {
  /** Package folder, or `e2e`. */
  from: string;
  file: string;
  specifier: string;
  isTest: boolean;
}

/**
 * Why an import breaks the rules, or undefined. `entrances` are the parts of packages that their package.json exports
 * beside the whole, for example `@plumbline/render/plugin-server`.
 */
export function violation(
  { from, specifier, isTest }: ImportEdge,
  entrances: ReadonlySet<string> = new Set(),
): string | undefined {
  const to = /^@plumbline\/([^/]+)/.exec(specifier)?.[1];
  if (to === undefined) return libraryViolation(from, specifier, isTest);
  if (specifier !== `@plumbline/${to}` && !entrances.has(specifier))
    return 'reaches into another package: import its public names';
  if (isTest || from === 'e2e' || from === 'tooling') return undefined;
  const allowed = privatePackages[to];
  if (allowed) return allowed.includes(from) ? undefined : `${to} is for ${allowed.join(', ') || 'scripts'} only`;
  if (privatePackages[from]) return undefined;
  const [mine, theirs] = [layers[from], layers[to]];
  if (mine === undefined || theirs === undefined) return 'a package without a layer: add it to the rules';
  if (theirs > mine) return `goes up from layer ${mine} to layer ${theirs}`;
  if (mine === theirs && mine === serviceLayer) return 'services never import each other';
  return undefined;
}

function libraryViolation(from: string, specifier: string, isTest: boolean): string | undefined {
  if (isTest) return undefined;
  const owner = soleImporters[specifier];
  if (owner !== undefined && owner !== from) return `only ${owner} may import ${specifier}`;
  if (layers[from] === 1 && impureModules.test(specifier)) return 'packages of the pure layer do no I/O';
  return undefined;
}
