import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { onOff } from './arguments.ts';
import { flagWords } from './flag-words.ts';

const program = new Command('p').option('--server <url>').option('--insecure [on]', '', onOff);
const app = program.command('app');
app.command('delete').argument('[names...]').option('--cascade [on]', '', onOff, true).option('-y, --yes');
app.command('sync').argument('[names...]').option('--prune').option('--dry-run').option('-o, --output <format>');
program.command('import').option('--dry-run [on]', '', onOff, true);

describe('flagWords', () => {
  it.each([
    ['app delete --cascade web', 'app delete --cascade=true web'],
    ['app delete --cascade false web', 'app delete --cascade false web'],
    ['app delete web --cascade=false -y=true', 'app delete web --cascade=false -y'],
    ['app sync web --prune=false --dry-run', 'app sync web --dry-run'],
    ['app sync web --prune=true -o=json', 'app sync web --prune -o json'],
    ['import --dry-run', 'import --dry-run=true'],
    ['--insecure app sync --prune', '--insecure=true app sync --prune'],
    ['--server app import --dry-run=false', '--server app import --dry-run=false'],
    ['app sync -o --prune=false', 'app sync -o --prune=false'],
    ['app sync -- --prune=false', 'app sync -- --prune=false'],
    ['app sync --unknown=true', 'app sync --unknown=true'],
  ])('reads %s as Argo CD does', (given, expected) => {
    expect(flagWords(program, given.split(' ')).join(' ')).toBe(expected);
  });
});
