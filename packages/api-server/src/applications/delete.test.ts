import { finalizers } from '@plumbline/apis';
import { describe, expect, it } from 'vitest';
import { finalizersForDelete } from './delete.ts';

const { resources, resourcesBackground, resourcesForeground, postDelete } = finalizers;

describe('finalizersForDelete', () => {
  it.each([
    ['a cascade adds the finalizer', [postDelete], { cascade: true }, [postDelete, resources]],
    ['a cascade keeps the one that is there', [resourcesBackground], { cascade: true }, [resourcesBackground]],
    ['a policy replaces it', [resources], { cascade: true, propagationPolicy: 'foreground' }, [resourcesForeground]],
    ['without a cascade none stays', [resources, postDelete], { cascade: false }, [postDelete]],
  ])('%s', (_, current, request, expected) => {
    expect(finalizersForDelete(current, request)).toEqual(expected);
  });

  it('refuses an unknown policy, and a policy without a cascade', () => {
    expect(() => finalizersForDelete([], { cascade: true, propagationPolicy: 'sideways' })).toThrow(
      'invalid propagation policy',
    );
    expect(() => finalizersForDelete([], { cascade: false, propagationPolicy: 'background' })).toThrow(
      'cascading is disabled',
    );
  });
});
