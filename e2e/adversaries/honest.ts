import type { Hands } from './hands.ts';

/** What honest agents do: the fix, and what comes beside it. */
export const fix = ({ fix: mend, say }: Hands): void => {
  mend();
  say('I fixed the function; the tests pass.');
};
export const also =
  (more: (hands: Hands) => void) =>
  (hands: Hands): void => {
    hands.fix();
    more(hands);
  };
