import { expect, test } from 'vitest';
import { parseGitmodules } from './parse-gitmodules.ts';
import { submoduleUrl } from './submodule-url.ts';

test('.gitmodules is read as git reads it', () => {
  const text = `# a comment
[submodule "lib/one"]
\tpath = lib/one ; behind it
\turl = ../one.git
\tbranch = main
[core]
\tpath = not-ours
[submodule "say \\"hi\\""] path = "two  words"
  URL="https://example.org/#two"
[submodule "no-url"]
\tpath = x
[submodule "lib/one"]
\turl = ../late\\
r.git
`;
  expect(parseGitmodules(text)).toEqual([
    { name: 'lib/one', path: 'lib/one', url: '../later.git' },
    { name: 'say "hi"', path: 'two  words', url: 'https://example.org/#two' },
  ]);
});

const at = (parent: string, url: string) => submoduleUrl(parent, { name: 's', path: 'libs/s', url });

test.each([
  ['https://h/team/app.git', '../lib.git', 'https://h/team/lib.git'],
  ['https://h/team/app', './lib', 'https://h/team/app/lib'],
  ['http://h:81/outer/.git', '../../inner/.git', 'http://h:81/inner/.git'],
  ['git@h:team/app.git', '../lib.git', 'git@h:team/lib.git'],
  ['git@h:/srv/app.git', '../lib.git', 'git@h:/srv/lib.git'],
  ['ssh://git@h:22/team/app', '../../x/lib', 'ssh://git@h:22/x/lib'],
  ['file:///srv/outer/.git', '../../inner', 'file:///srv/inner'],
  ['file:///srv/outer', '/srv/inner', 'file:///srv/inner'],
  ['https://h/team/app', 'git@other:lib', 'git@other:lib'],
  ['ssh://h/team/app', 'https://other/lib', 'https://other/lib'],
])('below %s, %s is %s', (parent, url, expected) => {
  expect(at(parent, url)).toBe(expected);
});

test.each([
  ['https://h/app', 'file:///etc'],
  ['https://h/app', '/etc'],
  ['ssh://h/app', 'file:///etc'],
  ['https://h/app', 'http://h/lib'],
  ['https://h/app', '../../lib'],
  ['https://h/app', 'ext::sh -c id'],
  ['file:///srv/app', '--upload-pack=id'],
  ['https://h/app', 'git://h/lib'],
])('below %s, %s is refused by name', (parent, url) => {
  expect(() => at(parent, url)).toThrow(
    expect.objectContaining({ code: 'GIT_SUBMODULE_REFUSED', message: expect.stringContaining('libs/s') }),
  );
});
