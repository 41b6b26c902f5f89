// What went wrong, in words that say how to go on.
import { Refused, Unreachable } from '@owp-pool/client';

export function reason(failure: unknown): string {
  if (failure instanceof Unreachable)
    return `${failure.message}. Check that the server runs and that its address is right in the settings of this plugin, then try again.`;
  if (failure instanceof Refused) return refusal(failure);
  return failure instanceof Error ? failure.message : String(failure);
}

function refusal(failure: Refused): string {
  if (failure.code === 'unknown')
    return `${failure.message}, and not in words of a pool. Check the address in the settings of this plugin; something else may answer there.`;
  if (failure.signInNeeded)
    return `The token was not accepted: ${failure.message}. Choose the right one in the settings of this plugin.`;
  const faults = failure.errors.map(({ line, pointer, parameter, detail }) =>
    line ? `line ${line}: ${detail}` : `${pointer ?? parameter ?? ''}: ${detail}`,
  );
  const wait = failure.retryAfterS ? `; try again in ${failure.retryAfterS} s` : '';
  return [failure.message + wait, ...faults].join('\n');
}
