import type { ResourceState } from '../compare/compare-state.ts';
import { type OtherApplications, ownerElsewhere } from '../operation/hand-over.ts';
import type { Pass } from '../pass.ts';
import { sharedMessage } from '../shown-application.ts';
import type { Claim } from './shared-resources.ts';

function isDefinition({ key, target }: ResourceState): boolean {
  return target !== undefined && key.kind === 'CustomResourceDefinition' && key.group === 'apiextensions.k8s.io';
}

/**
 * Definitions of custom resources that another Application brings, too. They carry no tracking (reference §3.5), so that no
 * live object tells of it: the sources do. Where the other Applications are not the same as before, those concerned look
 * again.
 */
export function sharedDefinitions(pass: Pass, others: OtherApplications): Claim[] {
  const definitions = (pass.comparison?.resources ?? []).filter(isDefinition);
  const shared = definitions.flatMap(({ key }) => {
    const owner = ownerElsewhere(pass, key, others);
    return owner ? [{ key, owner }] : [];
  });
  const now = new Set(shared.map(({ owner }) => owner.key));
  const before = pass.runtime.sharesWith;
  for (const other of now.symmetricDifference(before)) others.refresh(other);
  pass.runtime.sharesWith = now;
  return shared.map(({ key, owner }) => {
    const { application } = owner.target.facts;
    return { key, application, owner, message: sharedMessage(key, pass.application, application) };
  });
}
