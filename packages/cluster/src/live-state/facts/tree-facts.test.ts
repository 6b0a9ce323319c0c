import type { KubeObject } from '@plumbline/manifests';
import { describe, expect, it } from 'vitest';
import { networkingInfo } from './networking-info.ts';
import { nodeInfo } from './node-info.ts';
import { podRequests } from './pod-requests.ts';

const object = (kind: string, rest: Record<string, unknown>, metadata: Record<string, unknown> = {}): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'n', namespace: 'ns', ...metadata },
  ...rest,
});
const service = (name: string, namespace = 'ns') => ({ group: '', kind: 'Service', namespace, name });
const link = 'link.argocd.argoproj.io/';

describe('links of an object', () => {
  it('are what its owner has put on it, those that are no web addresses left out', () => {
    const annotations = {
      [`${link}docs`]: 'https://docs.example',
      [`${link}board`]: 'Board|http://board.example/x',
      [`${link}bad`]: 'javascript:alert(1)',
      [`${link}worse`]: 'Title|data:text/html,x',
      other: 'https://other.example',
    };
    expect(networkingInfo('', object('ConfigMap', {}, { annotations }))).toEqual({
      externalURLs: ['https://docs.example', 'Board|http://board.example/x'],
    });
    expect(networkingInfo('', object('ConfigMap', {}))).toBeUndefined();
  });

  const ingress = (annotations: object) =>
    object(
      'Ingress',
      { spec: { rules: [{ host: 'web.example', http: { paths: [{ path: '/a*' }] } }] } },
      { annotations },
    );

  it('come before those that an Ingress has by itself, which its owner can do without', () => {
    const annotations = { [`${link}docs`]: 'https://docs.example' };
    expect(networkingInfo('networking.k8s.io', ingress(annotations))).toEqual({
      externalURLs: ['https://docs.example', 'http://web.example/a'],
    });
    const without = { ...annotations, 'argocd.argoproj.io/ignore-default-links': 'true' };
    expect(networkingInfo('networking.k8s.io', ingress(without))).toEqual({ externalURLs: ['https://docs.example'] });
  });
});

describe('where objects of a mesh lead', () => {
  it('a VirtualService: to the Services it routes to', () => {
    const route = (host: string) => ({ destination: { host } });
    const spec = { http: [{ route: [route('web'), route('api.other.svc.cluster.local')] }, { route: [route('web')] }] };
    expect(networkingInfo('networking.istio.io', object('VirtualService', { spec }))).toEqual({
      targetRefs: [service('web'), service('api', 'other')],
    });
  });

  it('a ServiceEntry: to Pods', () => {
    const spec = { workloadSelector: { labels: { app: 'web' } } };
    const info = networkingInfo('networking.istio.io', object('ServiceEntry', { spec }));
    expect(info).toMatchObject({ targetLabels: { app: 'web' }, targetRefs: [{ kind: 'Pod' }] });
  });

  it('a Gateway: nowhere, but it can be reached by its listeners', () => {
    const spec = {
      listeners: [
        { hostname: 'a.example', protocol: 'HTTPS', port: 443 },
        { protocol: 'HTTP', port: 8080 },
        { hostname: '*', protocol: 'HTTP', port: 80 },
      ],
    };
    const status = {
      addresses: [
        { type: 'IPAddress', value: '10.0.0.1' },
        { type: 'Hostname', value: 'lb.example' },
      ],
    };
    expect(networkingInfo('gateway.networking.k8s.io', object('Gateway', { spec, status }))).toEqual({
      ingress: [{ ip: '10.0.0.1' }, { hostname: 'lb.example' }],
      externalURLs: [
        'http://10.0.0.1',
        'http://10.0.0.1:8080',
        'http://lb.example',
        'http://lb.example:8080',
        'https://a.example',
      ],
    });
  });

  it('a route: to its Gateways and Services', () => {
    const spec = {
      parentRefs: [{ name: 'edge', namespace: 'infra' }],
      rules: [{ backendRefs: [{ name: 'web', port: 80 }] }, { backendRefs: [{ name: 'web', port: 81 }] }],
    };
    expect(networkingInfo('gateway.networking.k8s.io', object('HTTPRoute', { spec }))).toEqual({
      targetRefs: [
        { group: 'gateway.networking.k8s.io', kind: 'Gateway', namespace: 'infra', name: 'edge' },
        service('web'),
      ],
    });
  });
});

describe('the tree says of an object', () => {
  it.each<[string, string, KubeObject]>([
    ['a ReplicaSet', 'apps', object('ReplicaSet', {}, { annotations: { 'deployment.kubernetes.io/revision': '3' } })],
    ['a Rollout', 'argoproj.io', object('Rollout', {}, { annotations: { 'rollout.argoproj.io/revision': '3' } })],
    ['a ControllerRevision', 'apps', object('ControllerRevision', { revision: 3 })],
  ])('the revision of %s', (_, group, revised) => {
    expect(nodeInfo(group, revised)).toEqual([{ name: 'Revision', value: 'Rev:3' }]);
  });

  it('labels that the settings name', () => {
    const labelled = object('ConfigMap', {}, { labels: { team: 'a', tier: 'b' } });
    expect(nodeInfo('', labelled, ['team', 'absent'])).toEqual([{ name: 'team', value: 'a' }]);
    expect(nodeInfo('', labelled)).toEqual([]);
  });

  it('which installation manages an Application', () => {
    const annotations = { 'argocd.argoproj.io/managed-by-url': 'https://other.example' };
    const application = object('Application', {}, { annotations });
    expect(nodeInfo('argoproj.io', application)).toEqual([{ name: 'managed-by-url', value: 'https://other.example' }]);
  });
});

it('a Pod requests what its start takes where that is more than what it runs with', () => {
  const wants = (cpu: string, more = {}) => ({ resources: { requests: { cpu, memory: '1Ki' } }, ...more });
  const sidecar = { restartPolicy: 'Always' };
  const pod = (spec: object) => podRequests(object('Pod', { spec })).cpu;
  expect(pod({ containers: [wants('1'), wants('500m')] })).toBe(1.5);
  expect(pod({ containers: [wants('1')], initContainers: [wants('3')] })).toBe(3);
  expect(pod({ containers: [wants('1')], initContainers: [wants('1', sidecar), wants('2')] })).toBe(3);
  expect(pod({ containers: [wants('1')], initContainers: [wants('1', sidecar)], overhead: { cpu: '250m' } })).toBe(
    2.25,
  );
});
