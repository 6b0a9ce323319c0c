import type { KubeObject } from '@plumbline/manifests';
import { describe, expect, it } from 'vitest';
import { isExcludedByDefault, isNeverWatched } from '../kinds/exclusions.ts';
import { networkingInfo } from './networking-info.ts';
import { nodeInfo } from './node-info.ts';
import { childToken, parentTokens } from './owners.ts';
import { placement } from './placement.ts';
import { podReason } from './pod-status.ts';

const object = (kind: string, rest: Record<string, unknown>, metadata: Record<string, unknown> = {}): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'n', namespace: 'ns', ...metadata },
  ...rest,
});

describe('the word for a pod', () => {
  const container = (state: unknown, ready = false) => ({ name: 'a', state, ready });
  it.each([
    ['Pending', { phase: 'Pending' }, 'Pending'],
    ['evicted', { phase: 'Failed', reason: 'Evicted' }, 'Evicted'],
    [
      'crashing',
      { phase: 'Running', containerStatuses: [container({ waiting: { reason: 'CrashLoopBackOff' } })] },
      'CrashLoopBackOff',
    ],
    [
      'completed',
      { phase: 'Succeeded', containerStatuses: [container({ terminated: { reason: 'Completed' } })] },
      'Completed',
    ],
    ['killed', { phase: 'Failed', containerStatuses: [container({ terminated: { signal: 9 } })] }, 'Signal:9'],
    ['exited', { phase: 'Failed', containerStatuses: [container({ terminated: { exitCode: 3 } })] }, 'ExitCode:3'],
    [
      'behind a gate',
      { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }] },
      'SchedulingGated',
    ],
    [
      'past its init containers, one of which runs again',
      {
        phase: 'Running',
        conditions: [{ type: 'Initialized', status: 'True' }],
        initContainerStatuses: [container({ running: {} })],
        containerStatuses: [container({ waiting: { reason: 'CrashLoopBackOff' } })],
      },
      'CrashLoopBackOff',
    ],
    [
      'in its init containers',
      { phase: 'Pending', initContainerStatuses: [container({ running: {} }), container({})] },
      'Init:0/2',
    ],
    [
      'failing in an init container',
      { phase: 'Pending', initContainerStatuses: [container({ terminated: { exitCode: 1, reason: 'Error' } })] },
      'Init:Error',
    ],
    [
      'beside a completed container',
      {
        phase: 'Running',
        conditions: [{ type: 'Ready', status: 'True' }],
        containerStatuses: [container({ terminated: { reason: 'Completed' } }), container({ running: {} }, true)],
      },
      'Running',
    ],
  ])('%s', (_what, status, expected) => {
    expect(podReason({ status, spec: {} }, false)).toBe(expected);
  });

  it('that is being deleted', () => {
    expect(podReason({ status: { phase: 'Running' } }, true)).toBe('Terminating');
    expect(podReason({ status: { phase: 'Running', reason: 'NodeLost' } }, true)).toBe('Unknown');
    expect(podReason({ status: { phase: 'Succeeded' } }, true)).toBe('Succeeded');
  });
});

describe('facts of a pod', () => {
  it('count sidecars and restarts and name the node', () => {
    const pod = object('Pod', {
      spec: {
        nodeName: 'node-1',
        containers: [{ name: 'a' }],
        initContainers: [{ name: 's', restartPolicy: 'Always' }, { name: 'i' }],
      },
      status: {
        phase: 'Running',
        containerStatuses: [{ name: 'a', ready: true, restartCount: 2, state: { running: {} } }],
        initContainerStatuses: [
          { name: 's', ready: true, started: true, restartCount: 1, state: { running: {} } },
          { name: 'i', ready: true, restartCount: 0, state: { terminated: { exitCode: 0 } } },
        ],
      },
    });
    expect(nodeInfo('', pod)).toEqual([
      { name: 'Status Reason', value: 'Running' },
      { name: 'Node', value: 'node-1' },
      { name: 'Containers', value: '2/2' },
      { name: 'Restart Count', value: '3' },
      { name: 'cpu', value: '0' },
      { name: 'memory', value: '0' },
    ]);
  });
});

describe('where objects lead', () => {
  it('a Service: to labels and its load balancer', () => {
    const service = object('Service', {
      spec: { type: 'LoadBalancer', selector: { app: 'web' } },
      status: { loadBalancer: { ingress: [{ ip: '10.0.0.1' }] } },
    });
    expect(networkingInfo('', service)).toEqual({ targetLabels: { app: 'web' }, ingress: [{ ip: '10.0.0.1' }] });
  });

  it('an Ingress: to Services once each, and to https for the hosts under tls, secretName or not', () => {
    const backend = (name: string) => ({ service: { name, port: { number: 80 } } });
    const ingress = object('Ingress', {
      spec: {
        defaultBackend: backend('fallback'),
        tls: [{ hosts: ['safe.example'] }],
        rules: [
          {
            host: 'safe.example',
            http: {
              paths: [
                { path: '/', backend: backend('web') },
                { path: '/api', backend: backend('web') },
              ],
            },
          },
          { host: 'open.example', http: { paths: [{ path: '/files/*', backend: backend('files') }] } },
          { http: { paths: [{ backend: backend('web') }] } },
        ],
      },
      status: { loadBalancer: { ingress: [{ hostname: 'lb.example' }] } },
    });
    const target = (name: string) => ({ group: '', kind: 'Service', namespace: 'ns', name });
    expect(networkingInfo('networking.k8s.io', ingress)).toEqual({
      targetRefs: [target('fallback'), target('web'), target('files')],
      ingress: [{ hostname: 'lb.example' }],
      externalURLs: [
        'http://lb.example',
        'http://open.example/files/',
        'https://safe.example/',
        'https://safe.example/api',
      ],
    });
  });
});

describe('inferred ownership', () => {
  const set = object(
    'StatefulSet',
    { spec: { volumeClaimTemplates: [{ metadata: { name: 'data' } }, { metadata: { name: 'log-a' } }] } },
    { name: 'db' },
  );

  it.each([
    ['data-db-0', true],
    ['log-a-db-12', true],
    ['data-db', false],
    ['data-db-x', false],
    ['other-db-0', false],
  ])('of the claim %s by its StatefulSet: %s', (name, expected) => {
    const token = childToken('', object('PersistentVolumeClaim', {}, { name }));
    expect(token !== undefined && parentTokens('apps', set).includes(token)).toBe(expected);
  });

  it('of Endpoints by their Service, unless they name an owner', () => {
    const service = parentTokens('', object('Service', {}));
    expect(service).toContain(childToken('', object('Endpoints', {})));
    const owned = object(
      'Endpoints',
      {},
      { ownerReferences: [{ apiVersion: 'v1', kind: 'Service', name: 'x', uid: 'u' }] },
    );
    expect(childToken('', owned)).toBeUndefined();
  });

  it('of a ClusterServiceVersion by the OperatorGroup that its annotation names', () => {
    const operators = 'operators.coreos.com';
    const group = object('OperatorGroup', {}, { name: 'all', namespace: 'olm' });
    const annotations = { 'olm.operatorGroup': 'all', 'olm.operatorNamespace': 'olm' };
    const version = (more: Record<string, unknown>) => object('ClusterServiceVersion', {}, { name: 'v', ...more });
    expect(parentTokens(operators, group)).toEqual([childToken(operators, version({ annotations }))]);
    expect(childToken(operators, version({}))).toBeUndefined();
  });
});

describe('kinds that are not watched', () => {
  it.each([
    [{ group: '', kind: 'Event' }, true, false],
    [{ group: 'events.k8s.io', kind: 'Event' }, true, false],
    [{ group: 'coordination.k8s.io', kind: 'Lease' }, true, false],
    [{ group: 'metrics.k8s.io', kind: 'PodMetrics' }, true, false],
    [{ group: 'discovery.k8s.io', kind: 'EndpointSlice' }, false, true],
    [{ group: 'apps', kind: 'Deployment' }, false, false],
  ])('%o: never %s, by default %s', (kind, never, byDefault) => {
    expect([isNeverWatched(kind), isExcludedByDefault(kind)]).toEqual([never, byDefault]);
  });
});

describe('where things run', () => {
  const requests = (cpu: string, memory: string) => ({ resources: { requests: { cpu, memory } } });
  const pod = (status: object) =>
    object('Pod', { spec: { nodeName: 'a', containers: [requests('500m', '1Gi'), requests('1', '1Gi'), {}] }, status });

  it('a Pod is placed on its node with what all its containers request', () => {
    expect(placement('', pod({ phase: 'Running' }))).toEqual({
      placed: { node: 'a', requests: { cpu: 1.5, memory: 2 ** 31 } },
    });
  });

  it.each(['Succeeded', 'Failed'])('a Pod that has %s takes nothing', (phase) => {
    expect(placement('', pod({ phase }))).toEqual({});
  });

  it('a Node offers its capacity, and shows the labels that it may', () => {
    const status = { capacity: { cpu: '2', memory: '1Ki' }, nodeInfo: { architecture: 'amd64' } };
    const node = object('Node', { status }, { labels: { zone: 'x', secret: 'y' } });
    expect(placement('', node, { nodeLabels: ['zone'] })).toEqual({
      host: { capacity: { cpu: 2, memory: 1024 }, systemInfo: { architecture: 'amd64' }, labels: { zone: 'x' } },
    });
  });

  it('kinds of the same names in other groups have no place', () => {
    expect(placement('example.com', pod({}))).toEqual({});
  });
});
