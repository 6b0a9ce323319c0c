import type { OperationPlan, PlannedTask } from '@plumbline/protocol';
import { connect, type GlobalOptions } from '../config/connect.ts';
import { bold, dim } from '../output/paint.ts';
import { type OutputFormat, printData } from '../output/print-data.ts';
import type { Terminal } from '../terminal.ts';
import { type SyncFlags, syncRequest } from './sync-request.ts';

interface PlanOptions extends GlobalOptions, SyncFlags {
  running?: boolean;
  output: OutputFormat;
}

const marks: Readonly<Record<PlannedTask['action'], string>> = {
  create: '+ create',
  change: '~ change',
  replace: '± replace',
  run: '> run',
  prune: '- prune',
  keep: '  keep',
  none: '  in order',
};

const value = (field: unknown): string => (field === undefined ? '(none)' : JSON.stringify(field));

function taskText(task: PlannedTask): string {
  const { group, kind, namespace, name, hook } = task;
  const object = `${group ? `${group}/` : ''}${kind} ${namespace ? `${namespace}/` : ''}${name}`;
  const fields = (task.differences ?? []).map(
    ({ path, live, target }) => `      ${path}  ${value(live)} → ${value(target)}\n`,
  );
  const heading = `  ${marks[task.action].padEnd(11)}${object}${hook ? ` (${hook} hook)` : ''}`;
  return `${heading}  ${dim(task.reason)}\n${fields.join('')}`;
}

/** The plan for people: phases and waves in order, what is in order only counted. */
function planText(name: string, plan: OperationPlan): string {
  const lines = [`${bold(`plan ${plan.hash}`)}  revision ${plan.revisions.join(', ')}\n`];
  for (const { phase, waves } of plan.phases) {
    for (const { wave, waitsFor, tasks } of waves) {
      const quiet = tasks.filter(({ action }) => action === 'none').length;
      lines.push(`${bold(`${phase}, wave ${wave}`)}${waitsFor ? dim(`  after ${waitsFor}`) : ''}\n`);
      lines.push(...tasks.filter(({ action }) => action !== 'none').map(taskText));
      if (quiet > 0) lines.push(`  ${quiet} in order\n`);
    }
  }
  for (const { kind, namespace, name: object, message } of plan.invalid)
    lines.push(`cannot be applied: ${kind} ${namespace ? `${namespace}/` : ''}${object}: ${message}\n`);
  for (const hold of plan.holds) lines.push(`would wait: ${hold}\n`);
  if (plan.approval) {
    lines.push(`needs an approval of ${plan.approval.reason}\n`);
    lines.push(`  plumb app approve ${name} ${plan.approval.digest}\n`);
  }
  lines.push(dim(`run just this, with the same flags: plumb app sync ${name} --plan ${plan.hash}\n`));
  return lines.join('');
}

/** `plumb app plan`: what a sync would do, or with `--running` what the operation that is under way does. */
export async function planApp(terminal: Terminal, name: string, options: PlanOptions): Promise<void> {
  const client = await connect(options);
  const params = { name };
  let plan: OperationPlan;
  if (options.running) plan = await client.call('runningPlan', { params });
  else {
    const application = await client.call('getApplication', { params });
    plan = await client.call('planApplication', { params, body: syncRequest(application, options) });
  }
  if (options.output === 'json' || options.output === 'yaml') await printData(terminal, options.output, plan);
  else terminal.out(planText(name, plan));
}
