import { ownAnnotations } from '@plumbline/apis';
import { errorMessage } from '@plumbline/errors';
import type { HealthStatus } from '@plumbline/health';
import { annotation, imagesOf, isSecret, type KubeObject, keyOf, splitApiVersion } from '@plumbline/manifests';
import type { LiveNode, LiveStateOptions, SecretMask } from '../types.ts';
import { networkingInfo } from './networking-info.ts';
import { nodeInfo } from './node-info.ts';
import { childToken, namedOwners, type OwnerKeyOf, parentTokens } from './owners.ts';
import { placement } from './placement.ts';

/** A node and the marks of inferred ownership that its body held. */
export interface BuiltNode {
  node: LiveNode;
  childToken: string | undefined;
  parentTokens: readonly string[];
}

export interface NodeContext {
  secretMask: SecretMask;
  trackingOf: (object: KubeObject) => string | undefined;
  keyOfOwner: OwnerKeyOf;
  assess: (object: KubeObject) => HealthStatus | undefined;
  shown?: LiveStateOptions['shown'] | undefined;
  /** One string instead of many equal ones. */
  intern: (text: string) => string;
  /** One value instead of many equal ones. */
  share: <Value extends object>(value: Value) => Value;
}

const noImages: readonly string[] = [];
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** A Secret without anything secret: what the parts that need no values see. */
function withoutValues(secret: KubeObject): KubeObject {
  const { data: _data, stringData: _stringData, ...rest } = secret;
  const { annotations } = secret.metadata;
  if (!annotations?.[lastApplied]) return rest as KubeObject;
  const { [lastApplied]: _applied, ...others } = annotations;
  return { ...rest, metadata: { ...secret.metadata, annotations: others } } as KubeObject;
}

function healthOf(object: KubeObject, { assess }: NodeContext): HealthStatus | undefined {
  try {
    return assess(object);
  } catch (error) {
    // An object of a shape that its check did not expect must not stop the watch of its kind.
    return { status: 'Unknown', message: `health could not be assessed: ${errorMessage(error)}` };
  }
}

/** Hooks are known by a mark of their run, also those of kinds that carry no tracking (CustomResourceDefinitions). */
function isMarkedHook(object: KubeObject): boolean {
  return annotation(object, ownAnnotations.hookRun) !== undefined;
}

/** What to remember of an object: all of it where it is managed or a hook, facts only otherwise. Secret values are left behind here. */
export function buildNode(object: KubeObject, context: NodeContext): BuiltNode {
  const secret = isSecret(object);
  const visible = secret ? withoutValues(object) : object;
  const { metadata } = visible;
  const { group, version } = splitApiVersion(visible.apiVersion);
  const key = keyOf(visible);
  const application = context.trackingOf(visible);
  const owned = (metadata.ownerReferences ?? []).length > 0;
  const whole = !owned && (application !== undefined || isMarkedHook(visible));
  const images = imagesOf(visible);
  const info = nodeInfo(group, visible, context.shown?.().labels);
  const owners = namedOwners(visible, context.keyOfOwner);
  const health = healthOf(visible, context);
  const networking = networkingInfo(group, visible);
  const node: LiveNode = {
    key: {
      group: context.intern(key.group),
      kind: context.intern(key.kind),
      namespace: context.intern(key.namespace),
      name: key.name,
    },
    version: context.intern(version),
    uid: metadata.uid ?? '',
    resourceVersion: metadata.resourceVersion ?? '',
    createdAt: metadata.creationTimestamp ? context.intern(metadata.creationTimestamp) : undefined,
    deletionTimestamp: metadata.deletionTimestamp,
    application: application === undefined ? undefined : context.intern(application),
    object: whole ? (secret ? context.secretMask.mask(object) : object) : undefined,
    owners: owners.length === 0 ? owners : context.share(owners),
    health: health && context.share(health),
    images: images.length === 0 ? noImages : context.share(images.map(context.intern)),
    // Pods differ in some of their facts only.
    info: info.length === 0 ? info : context.share(info.map(context.share)),
    ...(networking ? { networkingInfo: context.share(networking) } : {}),
    ...placement(group, visible, { share: context.share, nodeLabels: context.shown?.().nodeLabels }),
  };
  return { node, childToken: childToken(group, visible), parentTokens: parentTokens(group, visible) };
}
