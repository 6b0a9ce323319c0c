import { type Version, versionIn } from './version.ts';

/** Programs (and one data file, the stages that kwok plays) that a control plane, Redis and the renderers need. */
export const toolNames = [
  'git',
  'redis-server',
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kwok',
  'kwok-stages',
  'kustomize',
  'helm',
  'jsonnet',
] as const;

/** The order of {@link toolNames} is the order of building: what is needed first is first. */
export type ToolName = (typeof toolNames)[number];

/** How a program on PATH tells its version, and which versions will do. */
export interface VersionCheck {
  args: readonly string[];
  accepts(version: Version, output: string): boolean;
  /** For people: "1.36.x". */
  wanted: string;
}

/** A program built from one of the Go modules of this package. */
export interface GoTool {
  kind: 'go';
  /** Folder under `modules/`. */
  module: string;
  /** Import path of its main package. */
  package: string;
  version: string;
  ldflags: string;
  onPath: VersionCheck;
}

/** A program that comes from the system's package manager. */
export interface SystemTool {
  kind: 'system';
  /** Debian's package. */
  package: string;
  onPath: VersionCheck;
}

/** Files out of a Go module, joined into one YAML stream. */
export interface ModuleFiles {
  kind: 'files';
  module: string;
  /** Module path the files lie in. */
  source: string;
  version: string;
  files: readonly string[];
}

type Tool = GoTool | SystemTool | ModuleFiles;

const kubernetes = '1.36.1';
const componentVersion = 'k8s.io/component-base/version';
const kubernetesFlags = `-s -w -X ${componentVersion}.gitVersion=v${kubernetes} -X ${componentVersion}.gitMajor=1 -X ${componentVersion}.gitMinor=36`;

function kubernetesTool(name: string): GoTool {
  return {
    kind: 'go',
    module: 'kubernetes',
    package: `k8s.io/kubernetes/cmd/${name}`,
    version: kubernetes,
    ldflags: kubernetesFlags,
    onPath: { args: ['--version'], accepts: (v) => v.major === 1 && v.minor === 36, wanted: '1.36.x' },
  };
}

function atLeast(major: number, minor: number): VersionCheck['accepts'] {
  return (v) => v.major > major || (v.major === major && v.minor >= minor);
}

/** Where every tool comes from. The versions are those that `modules/<module>/go.mod` pins. */
export const catalog: Record<ToolName, Tool> = {
  // `git cat-file --batch-command` came with 2.36.
  git: {
    kind: 'system',
    package: 'git',
    onPath: { args: ['--version'], accepts: atLeast(2, 36), wanted: '2.36 or newer' },
  },
  'redis-server': {
    kind: 'system',
    package: 'redis-server',
    onPath: { args: ['--version'], accepts: atLeast(6, 2), wanted: '6.2 or newer' },
  },
  etcd: {
    kind: 'go',
    module: 'kubernetes',
    package: 'go.etcd.io/etcd/server/v3',
    version: '3.6.8',
    ldflags: '-s -w',
    onPath: { args: ['--version'], accepts: (v) => v.major === 3 && v.minor === 6, wanted: '3.6.x' },
  },
  'kube-apiserver': kubernetesTool('kube-apiserver'),
  'kube-controller-manager': kubernetesTool('kube-controller-manager'),
  'kube-scheduler': kubernetesTool('kube-scheduler'),
  kwok: {
    kind: 'go',
    module: 'kwok',
    package: 'sigs.k8s.io/kwok/cmd/kwok',
    version: '0.8.0',
    ldflags: '-s -w',
    onPath: { args: ['--version'], accepts: (v) => v.major === 0 && v.minor === 8, wanted: '0.8.x' },
  },
  'kwok-stages': {
    kind: 'files',
    module: 'kwok',
    source: 'sigs.k8s.io/kwok',
    version: '0.8.0',
    files: [
      'kustomize/stage/node/fast/node-initialize.yaml',
      'kustomize/stage/node/heartbeat-with-lease/node-heartbeat-with-lease.yaml',
      'kustomize/stage/pod/fast/pod-ready.yaml',
      'kustomize/stage/pod/fast/pod-complete.yaml',
      'kustomize/stage/pod/fast/pod-delete.yaml',
    ],
  },
  kustomize: {
    kind: 'go',
    module: 'kustomize',
    package: 'sigs.k8s.io/kustomize/kustomize/v5',
    version: '5.8.1',
    ldflags: '-s -w',
    onPath: { args: ['version'], accepts: (v) => v.major === 5, wanted: '5.x' },
  },
  helm: {
    kind: 'go',
    module: 'helm',
    package: 'helm.sh/helm/v3/cmd/helm',
    version: '3.22.0',
    ldflags: '-s -w -X helm.sh/helm/v3/internal/version.version=v3.22.0',
    onPath: { args: ['version', '--short'], accepts: (v) => v.major === 3, wanted: '3.x' },
  },
  jsonnet: {
    kind: 'go',
    module: 'jsonnet',
    package: 'github.com/google/go-jsonnet/cmd/jsonnet',
    version: '0.22.0',
    ldflags: '-s -w',
    onPath: {
      args: ['--version'],
      accepts: (v, output) => output.includes('Go implementation') && v.major === 0 && v.minor >= 20,
      wanted: 'go-jsonnet 0.20 or newer',
    },
  },
};

/** The version in a program's answer, if the check accepts it. */
export function acceptedVersion(check: VersionCheck, output: string): string | undefined {
  const version = versionIn(output);
  return version && check.accepts(version, output) ? `${version.major}.${version.minor}.${version.patch}` : undefined;
}
