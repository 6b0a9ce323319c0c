import { describe, expect, it } from 'vitest';
import { type Data, read } from './test-support/snapshots.ts';

describe('rules for kinds', () => {
  const actions =
    'discovery.lua: return {}\ndefinitions:\n- {name: go, action.lua: return obj}\nmergeBuiltinActions: true\n';

  it('are read for health, in Lua and CEL', () => {
    const data = {
      'resource.customizations': '"*.example.com/*":\n  health.lua: old\n  health.lua.useOpenLibs: true\n',
      'resource.customizations.health.apps_Deployment': 'return nil',
      'resource.customizations.useOpenLibs.apps_Deployment': 'true',
      'resource.customizations.health.Pod': 'pods',
      'plumbline.dev.health.example.com_Widget': "- {when: 'true', status: Healthy, message: fine}",
    };
    const key = (name: string) => `resource.customizations.health.${name}`;
    const lua = { language: 'lua', openLibraries: false };
    expect(read({ cm: data }).control.healthRules).toEqual([
      { ...lua, pattern: 'Pod', key: key('Pod'), script: 'pods' },
      { ...lua, pattern: 'apps/Deployment', key: key('apps_Deployment'), script: 'return nil', openLibraries: true },
      { ...lua, pattern: '*.example.com/*', key: 'resource.customizations', script: 'old', openLibraries: true },
      {
        language: 'cel',
        pattern: 'example.com/Widget',
        key: 'plumbline.dev.health.example.com_Widget',
        cases: [{ when: 'true', status: 'Healthy', message: 'fine' }],
      },
    ]);
  });

  it('are read for actions', () => {
    const data = {
      'resource.customizations': `batch/Job:\n  actions: |\n    ${actions.replaceAll('\n', '\n    ')}`,
      'resource.customizations.actions.apps_Deployment': actions,
    };
    const rule = { discovery: 'return {}', definitions: [{ name: 'go', script: 'return obj' }], mergeBuiltIn: true };
    expect(read({ cm: data }).control.actionRules).toEqual([
      {
        ...rule,
        pattern: 'apps/Deployment',
        key: 'resource.customizations.actions.apps_Deployment',
        openLibraries: false,
      },
      { ...rule, pattern: 'batch/Job', key: 'resource.customizations', openLibraries: false },
    ]);
  });
});

describe('excluded kinds', () => {
  const excluded = (data: Data, group: string, kind: string, server = 'https://a') =>
    read({ cm: data }).control.isExcluded({ group, kind }, server);
  const pods = "- apiGroups: ['']\n  kinds: [Pod]\n  clusters: ['https://a']\n";

  it('are always events, metrics and leases', () => {
    expect(excluded({}, '', 'Event')).toBe(true);
    expect(excluded({}, 'metrics.k8s.io', 'PodMetrics')).toBe(true);
    expect(excluded({}, 'coordination.k8s.io', 'Lease')).toBe(true);
    expect(excluded({}, '', 'Pod')).toBe(false);
  });
  it('are those of an exclusion, on its clusters', () => {
    expect(excluded({ 'resource.exclusions': pods }, '', 'Pod')).toBe(true);
    expect(excluded({ 'resource.exclusions': pods }, '', 'Pod', 'https://b')).toBe(false);
    expect(excluded({ 'resource.exclusions': pods }, '', 'Service')).toBe(false);
  });
  it('are all others where an inclusion is for the cluster', () => {
    expect(excluded({ 'resource.inclusions': pods }, '', 'Pod')).toBe(false);
    expect(excluded({ 'resource.inclusions': pods }, '', 'Service')).toBe(true);
    expect(excluded({ 'resource.inclusions': pods }, '', 'Service', 'https://b')).toBe(false);
  });
  it('stay excluded where an inclusion names them too', () => {
    expect(excluded({ 'resource.inclusions': pods, 'resource.exclusions': pods }, '', 'Pod')).toBe(true);
  });
});
