import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Agent, Ending, Turn } from './acp-protocol.ts';

/** Where its login is, as a real agent knows it: by its HOME and a name of its own. */
const loginFile = (): string =>
  join(process.env['HOME'] ?? '/nowhere', process.env['FAKE_LOGIN_FILE'] ?? 'login.json');

const readToken = (): number | null => {
  try {
    return (JSON.parse(readFileSync(loginFile(), 'utf8')) as { token: number }).token;
  } catch {
    return null;
  }
};

/** Says its token, renews it, and says what it reads then. */
function renewing(write: (text: string) => void): (turn: Turn) => Promise<Ending> {
  return async (turn) => {
    const token = readToken();
    if (token === null) return { code: -32000, message: 'Authentication required' };
    write(JSON.stringify({ token: token + 1 }));
    turn.say(`${token} ${readToken()}`);
    return { stopReason: 'end_turn' };
  };
}

/** Agents that need a login file in their HOME, and renew it in both ways that are usual. */
export const withLogin: Readonly<Record<string, Agent>> = {
  'renews-by-rename': {
    play: renewing((text) => {
      writeFileSync(`${loginFile()}.tmp`, text, { mode: 0o600 });
      renameSync(`${loginFile()}.tmp`, loginFile());
    }),
  },
  'renews-in-place': { play: renewing((text) => writeFileSync(loginFile(), text)) },
};
