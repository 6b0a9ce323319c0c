import type { ManagedFieldsEntry } from '@plumbline/manifests';
import { describe, expect, it } from 'vitest';
import { claimed } from './claim-fields.ts';

const fields = (...names: string[]) => ({ 'f:data': Object.fromEntries(names.map((name) => [`f:${name}`, {}])) });
const entry = (manager: string, operation: 'Apply' | 'Update', names: string[]): ManagedFieldsEntry => ({
  manager,
  operation,
  apiVersion: 'v1',
  fieldsV1: fields(...names),
});
const ours = entry('argocd-controller', 'Apply', ['a', 'b']);

describe('the first apply of what others have made', () => {
  it.each([
    ['helm', 'Update'],
    ['helm', 'Apply'],
    ['kubectl', 'Apply'],
    ['kubectl-create', 'Update'],
  ] as const)('takes over from %s (%s) what Git has, and leaves it the rest', (manager, operation) => {
    expect(claimed([entry(manager, operation, ['a', 'x']), ours], ours)).toEqual([
      entry(manager, operation, ['x']),
      ours,
    ]);
    expect(claimed([entry(manager, operation, ['b']), ours], ours)).toEqual([ours]);
  });

  it('leaves alone what controllers write, and what is nobody else’s', () => {
    expect(claimed([entry('autoscaler', 'Update', ['a']), ours], ours)).toBeUndefined();
    expect(claimed([entry('helm', 'Update', ['x']), ours], ours)).toBeUndefined();
    const status = { ...entry('kubectl', 'Update', ['a']), subresource: 'status' };
    expect(claimed([status, ours], ours)).toBeUndefined();
  });
});
