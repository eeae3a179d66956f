import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The session files of Kimi Code: one for every agent of a session. */
export type Records = {
  /** A line in the file of one agent. */
  readonly add: (message: Readonly<Record<string, unknown>>, agent?: string) => void;
  /** Prompts of this conversation so far, those of earlier processes included. */
  prompts(): number;
  /** An earlier process had this session. */
  exist(): boolean;
};

/** @param kept `false`: this agent has no session files */
export function createRecords(sessionId: () => string, kept: boolean): Records {
  const dir = (): string | null => {
    const home = process.env['KIMI_CODE_HOME'];
    return home === undefined || !kept ? null : join(home, 'sessions', 'wd_work_0123456789ab', sessionId());
  };
  return {
    add(message, name = 'main') {
      const session = dir();
      if (session === null) return;
      const folder = join(session, 'agents', name);
      const file = join(folder, 'wire.jsonl');
      if (!existsSync(file)) {
        mkdirSync(folder, { recursive: true });
        appendFileSync(file, `${JSON.stringify({ type: 'metadata', protocol_version: '1.5' })}\n`);
      }
      appendFileSync(file, `${JSON.stringify({ ...message, agentId: name, time: Date.now() })}\n`);
    },
    prompts() {
      const file = join(dir() ?? '', 'agents', 'main', 'wire.jsonl');
      return existsSync(file) ? readFileSync(file, 'utf8').split('"type":"turn.prompt"').length - 1 : 0;
    },
    exist() {
      const session = dir();
      return session !== null && existsSync(session);
    },
  };
}
