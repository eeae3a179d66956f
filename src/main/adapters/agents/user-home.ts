import { existsSync } from 'node:fs';
import type { AgentStart } from '../../runtime/agent-backend.ts';
import { usesUserHome } from '../../../shared/goal/user-home.ts';

/**
 * The start of an agent that a person lets use their own home (decisions.md H7): nothing is generated there, and all of it is
 * the agent's to change, but for what omk itself trusts.
 *
 * @param protect folders of omk's own, which stay read-only where namespaces can keep them so
 */
export function inUserHome(
  o: AgentStart,
  { userHome, protect = [] }: { readonly userHome: string; readonly protect?: readonly string[] | undefined },
): AgentStart {
  if (!usesUserHome(o.spec)) return o;
  const { sandbox } = o;
  return {
    ...o,
    home: userHome,
    sandbox: {
      ...sandbox,
      writable: [...sandbox.writable, userHome],
      readOnly: [...(sandbox.readOnly ?? []), ...protect.filter((path) => existsSync(path))],
    },
  };
}
