import type { Check, DetectedAgent } from '../../shared/api/agents.ts';
import { usesUserHome } from '../../shared/goal/user-home.ts';
import { check } from './doctor-check.ts';

/** Whether any agent can work, and each that was found with what it lacks. */
export function agentChecks(found: readonly DetectedAgent[]): readonly Check[] {
  const usable = found.filter((one) => one.spec !== null && !one.demo && one.login !== 'signed_out');
  return [
    usable.length > 0
      ? check(
          'agents',
          'Agents',
          'ok',
          `${usable.length} usable: ${usable.map(({ name }) => name).join(', ')}`,
        )
      : check(
          'agents',
          'Agents',
          'warning',
          'No agent is ready to work.',
          'Install one or sign in, see below; or add a command of your own.',
        ),
    ...found
      .filter((one) => !one.demo)
      .map((one) => {
        const id = `agent:${one.name}`;
        if (one.problem !== null)
          return check(
            id,
            one.title,
            'warning',
            one.problem,
            one.fixCommand === null ? null : 'Run this in a terminal.',
            one.fixCommand,
          );
        const exposed = one.spec !== null && usesUserHome(one.spec);
        return check(
          id,
          one.title,
          exposed ? 'warning' : 'ok',
          [
            one.version,
            one.protocol === 'acp' ? 'Agent Client Protocol' : 'Wire',
            loginWords[one.login],
            exposed ? 'uses your home folder' : null,
          ]
            .filter((part) => part !== null)
            .join(', '),
          exposed
            ? 'It can read and change all that is in there. Name its login files instead (login_files), if it can work so.'
            : null,
        );
      }),
  ];
}

const loginWords: Readonly<Record<DetectedAgent['login'], string>> = {
  signed_in: 'signed in',
  signed_out: 'not signed in',
  unknown: 'login not known',
  not_needed: 'needs no login',
};
