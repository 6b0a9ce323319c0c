import { describe, expect, it } from 'vitest';
import { explainRefusal } from './explain-refusal.ts';

const task = (kind: string, force = false) =>
  ({ key: { group: '', kind, namespace: 'web', name: 'x' }, options: { force } }) as Parameters<
    typeof explainRefusal
  >[1];

describe('a refusal says what would help', () => {
  it.each([
    [
      'Deployment',
      'Deployment.apps "web" is invalid: spec.selector: Invalid value: {"matchLabels":{"app":"b"}}: field is immutable',
      /\(spec\.selector cannot be changed in place: the sync option Force=true/,
    ],
    [
      'StatefulSet',
      `StatefulSet.apps "db" is invalid: spec: Forbidden: updates to statefulset spec for fields other than 'replicas' are forbidden`,
      /\(spec cannot be changed in place: .*Force=true/,
    ],
    [
      'Service',
      'Service "s" is invalid: spec.clusterIPs[0]: Invalid value: ["10.0.0.9"]: may not change once set',
      /\(spec\.clusterIPs\[0\] cannot be changed in place: .*Force=true/,
    ],
    [
      'PersistentVolumeClaim',
      'PersistentVolumeClaim "p" is invalid: spec: Forbidden: spec is immutable after creation except resources.requests',
      /deleting the PersistentVolumeClaim would lose what it holds/,
    ],
    ['Widget', 'no matches for kind "Widget" in version "example.org/v1"', /CustomResourceDefinition of "Widget"/],
    ['ConfigMap', 'metadata.annotations: Too long: may not be more than 262144 bytes', /ServerSideApply=true/],
  ])('%s: %s', (kind, message, hint) => {
    const explained = explainRefusal(message, task(kind));
    expect(explained.startsWith(message)).toBe(true);
    expect(explained).toMatch(hint);
  });

  it('and nothing more where nothing is known to help, or Force is on already', () => {
    expect(explainRefusal('the server is on fire', task('ConfigMap'))).toBe('the server is on fire');
    const immutable = 'Job.batch "j" is invalid: spec.template: Invalid value: {}: field is immutable';
    expect(explainRefusal(immutable, task('Job', true))).toBe(immutable);
  });

  it('a Pod that Replace=true cannot put in place names the fields instead of the whole object', () => {
    const refusal = [
      'Pod "p" is invalid: spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`',
      '@@ -1,93 +1,5 @@',
      ' {',
      '- "Volumes": [',
      '-  {',
      '-   "Name": "kube-api-access",',
      '-  }',
      '- ],',
      '+ "Volumes": null,',
      '  "Containers": [',
      '   {',
      '    "Name": "c",',
      '-   "VolumeMounts": [',
      '+   "VolumeMounts": null,',
      '@@ -103,7 +15,7 @@',
      '     {',
      '      "Name": "A",',
      '-     "Value": "1",',
      '+     "Value": "2",',
      '@@ -187,9 +79,9 @@',
      '- "DNSPolicy": "ClusterFirst",',
      '+ "DNSPolicy": "Default",',
      '',
    ].join('\n');
    const replaced = { ...task('Pod'), options: { force: false, replace: true } } as Parameters<
      typeof explainRefusal
    >[1];
    const explained = explainRefusal(refusal, replaced);
    expect(explained).not.toContain('@@');
    expect(explained).toContain('changed: spec.volumes, spec.containers.volumeMounts, spec…value, spec.dnsPolicy');
    expect(explained).toMatch(/spec\.dnsPolicy cannot be changed in place\. Replace=true sends the manifest without/);
  });
});
