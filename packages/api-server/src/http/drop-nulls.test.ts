import { parseJson } from '@plumbline/manifests';
import { expect, it } from 'vitest';
import { dropNulls } from './drop-nulls.ts';

it.each([
  ['null', {}],
  ['{"name":"x","shard":null}', { name: 'x' }],
  [
    '{"config":{"username":null,"tlsClientConfig":{"caData":null,"insecure":false}}}',
    { config: { tlsClientConfig: { insecure: false } } },
  ],
  ['{"items":[{"a":null},null]}', { items: [{}, null] }],
  ['{"helm":{"values":null,"valuesObject":{"ingress":null}}}', { helm: { valuesObject: { ingress: null } } }],
  ['"restart"', 'restart'],
])('takes members that are null for absent ones: %s', (text, body) => {
  expect(dropNulls(parseJson(text))).toEqual(body);
});

it('keeps whole numbers of 64 bits', () => {
  const [before, after] = [
    parseJson('{"a":{"n":9007199254740993}}'),
    dropNulls(parseJson('{"a":{"n":9007199254740993}}')),
  ];
  expect(after).toEqual(before);
});
