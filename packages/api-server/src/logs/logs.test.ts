import type { ResourceNode } from '@plumbline/protocol';
import { describe, expect, it } from 'vitest';
import { byTime, lineFilter, logPath, parsedLine } from './log-lines.ts';
import { logPods } from './log-pods.ts';

const query = { follow: false, previous: false, matchCase: false };

describe('a line of a log', () => {
  it('is told with its time', () => {
    expect(parsedLine('2024-01-31T12:00:00.123456789Z hello  world', 'p')).toEqual({
      content: 'hello  world',
      timeStamp: '2024-01-31T12:00:00.123Z',
      timeStampStr: '2024-01-31T12:00:00.123456789Z',
      podName: 'p',
      last: false,
    });
    expect(parsedLine('no time', 'p')).toMatchObject({ content: 'no time', timeStampStr: '' });
    expect(parsedLine('2024-01-31T12:00:00Z', 'p').content).toBe('');
  });

  it.each([
    [undefined, false, 'Any', true],
    ['any', false, 'Any', true],
    ['any', true, 'Any', false],
    ['!any', false, 'Any', false],
    ['!any', true, 'Any', true],
    ['!', false, 'Any', true],
  ])('by the filter %s (case %s) %s is kept: %s', (filter, matchCase, line, kept) =>
    expect(lineFilter({ filter, matchCase })(line)).toBe(kept),
  );

  it('of several Pods stands in the order of time', () => {
    const lines = ['2024-01-01T00:00:02Z b', '2024-01-01T00:00:01Z a'].map((line) => parsedLine(line, 'p'));
    expect(lines.sort(byTime).map(({ content }) => content)).toEqual(['a', 'b']);
  });
});

it('asks Kubernetes for what the caller wants and no other path', () => {
  const path = logPath({ namespace: '../x', name: 'p?q' }, 'c&d', {
    ...query,
    follow: true,
    tailLines: 0,
    sinceSeconds: 5,
  });
  expect(path).toBe(
    '/api/v1/namespaces/..%2Fx/pods/p%3Fq/log?container=c%26d&timestamps=true&follow=true&tailLines=0&sinceSeconds=5',
  );
});

describe('the Pods of a tree', () => {
  const node = (kind: string, name: string, parent?: string): ResourceNode => ({
    group: kind === 'Pod' ? '' : 'apps',
    version: 'v1',
    kind,
    name,
    namespace: 'n',
    uid: name,
    resourceVersion: '1',
    ...(parent ? { parentRefs: [{ kind: 'X', name: parent, uid: parent }] } : {}),
  });
  const nodes = [
    node('Pod', 'a-1', 'a-set'),
    node('ReplicaSet', 'a-set', 'a'),
    node('Deployment', 'a'),
    node('Deployment', 'b'),
    node('Pod', 'b-1', 'b'),
    node('Pod', 'single'),
  ];
  const names = (more: object) => logPods(nodes, { ...query, ...more }).map(({ name }) => name);

  it('are all, those of a workload, or one', () => {
    expect(names({})).toEqual(['a-1', 'b-1', 'single']);
    expect(names({ kind: 'Deployment', group: 'apps', resourceName: 'a' })).toEqual(['a-1']);
    expect(names({ podName: 'single' })).toEqual(['single']);
  });

  it('are none of another namespace, and none that the tree has not', () => {
    expect(names({ namespace: 'other' })).toEqual([]);
    expect(names({ podName: 'stranger' })).toEqual([]);
    expect(names({ kind: 'Job', resourceName: 'a' })).toEqual([]);
  });
});
