import type { ApiRequest } from './api-request.ts';

/** The one node that all pods run on. */
const nodeName = 'kwok-0';

const resources = { cpu: '10k', memory: '10Ti', 'ephemeral-storage': '10Ti', pods: '100k' };

const node = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name: nodeName,
    annotations: { 'kwok.x-k8s.io/node': 'fake' },
    labels: {
      'kubernetes.io/hostname': nodeName,
      'kubernetes.io/os': 'linux',
      'kubernetes.io/arch': process.arch === 'arm64' ? 'arm64' : 'amd64',
    },
  },
  status: { allocatable: resources, capacity: resources },
};

/** Makes the node where it is missing. Whether it is there now. */
export async function ensureNode(request: ApiRequest): Promise<boolean> {
  const { status } = await request('POST', '/api/v1/nodes', node);
  return status === 201 || status === 409;
}

/** Whether pods can be scheduled: the node is Ready and no longer tainted as not ready. */
export async function nodeIsReady(request: ApiRequest): Promise<boolean> {
  const { status, body } = await request('GET', `/api/v1/nodes/${nodeName}`);
  if (status !== 200) return false;
  const { spec, status: state } = body as NodeAnswer;
  const ready = state?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
  return ready && !spec?.taints?.some(({ key }) => key === 'node.kubernetes.io/not-ready');
}

interface NodeAnswer {
  spec?: { taints?: { key: string }[] };
  status?: { conditions?: { type: string; status: string }[] };
}
