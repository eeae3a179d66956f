import type { Check } from '../../shared/api/agents.ts';

/** One line of the doctor. */
export const check = (
  id: string,
  title: string,
  state: Check['state'],
  found: string,
  fix: string | null = null,
  command: string | null = null,
): Check => ({ id, title, state, found, fix, command });
