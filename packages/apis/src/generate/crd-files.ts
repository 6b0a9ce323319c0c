import { dump } from 'js-yaml';
import { customResourceDefinitions } from './custom-resource-definition.ts';

const header = '# Generated from packages/apis by `pnpm generate`. Change the schemas, not this file.\n';

/** Names and texts of the files of `deploy/crds`. */
export function crdFiles(): { name: string; text: string }[] {
  return customResourceDefinitions().map((definition) => ({
    name: `${definition.spec.names.singular}.yaml`,
    text: header + dump(definition, { noRefs: true, lineWidth: 120 }),
  }));
}
