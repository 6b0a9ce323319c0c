import type { KubeObject } from '@plumbline/manifests';
import { describe, expect, it } from 'vitest';
import { backFilled } from './back-fill.ts';

const id = 'shop:/ConfigMap:web/a';
const instance = 'app.kubernetes.io/instance';
const object = (labels: Record<string, string>, annotations?: Record<string, string>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', labels, ...(annotations ? { annotations } : {}) },
});
const target = object({ tier: '1' }, { 'argocd.argoproj.io/tracking-id': id });
const facts = {
  application: 'shop',
  tracking: { method: 'annotation', instanceLabelKey: instance } as Parameters<typeof backFilled>[2]['tracking'],
};

describe('an object that comes from tracking by label', () => {
  it('is compared as if it had the annotation and not the label', () => {
    expect(backFilled(object({ tier: '1', [instance]: 'shop' }), target, facts)).toEqual(target);
  });

  it('has no labels left where that was the only one', () => {
    const { labels: _none, ...metadata } = target.metadata;
    const bare = { ...target, metadata };
    expect(backFilled(object({ [instance]: 'shop' }), bare, facts)).toEqual(bare);
  });

  it('may have the annotation, too', () => {
    const both = object({ tier: '1', [instance]: 'shop' }, { 'argocd.argoproj.io/tracking-id': id });
    expect(backFilled(both, target, facts)).toEqual(target);
  });

  it('that is as the source wants it is left as it is', () => {
    const both = object({ [instance]: 'shop' }, { 'argocd.argoproj.io/tracking-id': id });
    expect(backFilled(both, both, facts)).toBe(both);
  });

  it('keeps the label where the source has it', () => {
    const labelled = object({ [instance]: 'shop' }, { 'argocd.argoproj.io/tracking-id': id });
    expect(backFilled(object({ [instance]: 'shop' }), labelled, facts)).toEqual(labelled);
  });

  it('of another Application is left as it is', () => {
    const other = object({ [instance]: 'other' });
    expect(backFilled(other, target, facts)).toBe(other);
    const copied = object({ [instance]: 'shop' }, { 'argocd.argoproj.io/tracking-id': 'other:/ConfigMap:web/a' });
    expect(backFilled(copied, target, facts)).toBe(copied);
  });
});
