import type { CallName } from '@plumbline/protocol';

/** What a Kubernetes event says of a call, with Argo CD's reasons. */
export interface Telling {
  kind: 'Application' | 'AppProject';
  reason: 'ResourceCreated' | 'ResourceUpdated' | 'ResourceDeleted' | 'ResourceActionRan';
  name: string;
  /** Where the Application lies; '' is the control plane's namespace. */
  namespace: string;
  /** After the name of who did it. */
  text: string;
}

/** The parsed request of a call. */
export interface ToldCall {
  params: Readonly<Record<string, string>>;
  query: unknown;
  body: unknown;
}

function textAt(value: unknown, ...path: string[]): string {
  let at = value;
  for (const key of path) at = typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined;
  return typeof at === 'string' || typeof at === 'number' ? String(at) : '';
}

type Tell = (call: ToldCall) => Telling;

function ofApplication(reason: Telling['reason'], text: (call: ToldCall) => string): Tell {
  return (call) => {
    const namespace = textAt(call.query, 'appNamespace') || textAt(call.body, 'appNamespace');
    return { kind: 'Application', reason, name: call.params['name'] ?? '', namespace, text: text(call) };
  };
}

function ofProject(reason: Telling['reason'], text: (call: ToldCall) => string): Tell {
  return (call) => ({
    kind: 'AppProject',
    reason,
    name: call.params['name'] || textAt(call.body, 'project', 'metadata', 'name'),
    namespace: '',
    text: text(call),
  });
}

function objectText(value: unknown): string {
  const names = ['group', 'kind', 'resourceName'].map((key) => textAt(value, key));
  return names.join('/');
}

const createdApplication: Tell = ({ body }) => ({
  kind: 'Application',
  reason: 'ResourceCreated',
  name: textAt(body, 'metadata', 'name'),
  namespace: textAt(body, 'metadata', 'namespace'),
  text: 'created application',
});

/**
 * Calls that leave an event on what they changed, by their name in the protocol. That an operation was asked for is told by the
 * controller, when it begins.
 */
export const toldCalls: Partial<Record<CallName, Tell>> = {
  createApplication: createdApplication,
  updateApplication: ofApplication('ResourceUpdated', () => 'updated application'),
  updateApplicationSpec: ofApplication('ResourceUpdated', () => 'updated application spec'),
  patchApplication: ofApplication('ResourceUpdated', () => 'patched application'),
  deleteApplication: ofApplication('ResourceDeleted', () => 'deleted application'),
  terminateOperation: ofApplication('ResourceUpdated', () => 'terminated running operation'),
  patchResource: ofApplication('ResourceUpdated', ({ query }) => `patched resource ${objectText(query)}`),
  deleteResource: ofApplication('ResourceDeleted', ({ query }) => `deleted resource ${objectText(query)}`),
  runResourceAction: ofApplication('ResourceActionRan', ({ body }) => {
    return `ran action ${textAt(body, 'action')} on resource ${objectText(body)}`;
  }),
  runNamedResourceAction: ofApplication('ResourceActionRan', ({ query, body }) => {
    return `ran action ${typeof body === 'string' ? body : ''} on resource ${objectText(query)}`;
  }),
  createProject: ofProject('ResourceCreated', () => 'created project'),
  updateProject: ofProject('ResourceUpdated', () => 'updated project'),
  deleteProject: ofProject('ResourceDeleted', () => 'deleted project'),
  createRoleToken: ofProject('ResourceUpdated', ({ params }) => `created token of role ${params['role'] ?? ''}`),
  deleteRoleToken: ofProject('ResourceUpdated', ({ params }) => `deleted token of role ${params['role'] ?? ''}`),
};
