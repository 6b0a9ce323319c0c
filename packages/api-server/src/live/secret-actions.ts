import { scrubSecretError } from '@plumbline/cluster';
import { hasCode, PlumblineError } from '@plumbline/errors';
import { isSecret, type KubeObject, maskSecret } from '@plumbline/manifests';

/** Stands for every value: what an object offers does not depend on them. */
const mask = '++++++++';

/** An object as a script may see it whose answer is shown: a Secret without its values. */
export function withoutValues(object: KubeObject): KubeObject {
  return maskSecret(object, () => mask);
}

/**
 * Runs something that has to see an object as it is. Where that is a Secret, no error tells of its values: what a script says
 * itself is left out, since it may have turned a value into anything.
 */
export async function discreetly<Result>(object: KubeObject, run: () => Promise<Result>): Promise<Result> {
  if (!isSecret(object)) return run();
  try {
    return await run();
  } catch (error) {
    if (hasCode(error, 'ACTION_SCRIPT_FAILED')) throw withheld();
    throw scrubSecretError(error, object);
  }
}

function withheld(): PlumblineError {
  return new PlumblineError('ACTION_SCRIPT_FAILED', 'the script of the action failed', {
    retry: 'terminal',
    hint: 'what it said is not shown, since it saw the values of a Secret; try it on a copy that has none',
  });
}
