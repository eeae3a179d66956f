import type { AgentSpec, IsolationLevel } from './vocabulary.ts';

/** An agent that cannot work in a private home runs with the person's: said wherever the isolation level is (decisions.md H7). */
export const usesUserHome = ({ home }: Pick<AgentSpec, 'home'>): boolean => home === 'user';

export const userHomeExposed = 'user home exposed';

/** `L2`, or `L2, user home exposed`. */
export const levelWords = (level: IsolationLevel, agent: Pick<AgentSpec, 'home'>): string =>
  usesUserHome(agent) ? `${level}, ${userHomeExposed}` : level;

/** What is held about the walls, with what lies open beside them. */
export const isolationWords = (note: string, agent: Pick<AgentSpec, 'home'>): string =>
  usesUserHome(agent) ? `${note} ${exposedHomeSentence}`.trim() : note;

export const exposedHomeSentence =
  'User home exposed: the agent ran with the home folder of the user and could read and change all that is in it, programs that gates run included.';

/** What helps an agent whose login does not reach its private home, as the end of a sentence. */
export const loginWaysOut =
  'name its login files (--login-file, or login_files in your configuration), or let it use your home folder (--home user, or home = "user"); its goals then say user home exposed.';
