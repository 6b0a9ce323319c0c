import type { KubeObject } from '@plumbline/manifests';

/** A parameter that an action asks its user for. */
export interface ActionParameter {
  name: string;
  default?: string;
  type?: string;
  value?: string;
}

/** An action that a live object offers now (reference §5 "Actions"). */
export interface OfferedAction {
  name: string;
  /** Offered in general, but not in the state that the object is in. */
  disabled?: boolean;
  displayName?: string;
  iconClass?: string;
  params?: ActionParameter[];
}

/** What is to be done in the cluster: `patch` names an object as it shall be, `create` a new one. */
export interface ActionOperation {
  operation: 'create' | 'patch';
  resource: KubeObject;
}

/** What an action is run with. */
export interface ActionInput {
  /** By parameter name. */
  parameters: Readonly<Record<string, string>>;
  now: Date;
}

/** An action that comes with Plumbline. Pure. */
export interface BuiltInAction {
  name: string;
  /** How the object offers it; undefined: not at all. */
  offer(object: KubeObject): Omit<OfferedAction, 'name'> | undefined;
  /** Throws `ACTION_INVALID` where a parameter is of no use. */
  run(object: KubeObject, input: ActionInput): ActionOperation[];
}
