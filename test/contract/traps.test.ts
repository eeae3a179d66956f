import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const titles = readdirSync(import.meta.dirname)
  .filter((file) => /^(?:features-.*|.*\.test)\.ts$/.test(file) && file !== 'traps.test.ts')
  .map((file) => readFileSync(join(import.meta.dirname, file), 'utf8'))
  .join('\n');

const traps: readonly (readonly [trap: string, title: string])[] = [
  // agents.md §1
  ['a failed model call looks like success', '500 is the provider'],
  ['a failed model call looks like success', 'a failure that only the session file tells is told'],
  ['end_turn without work', 'without a word or a tool is not a success'],
  [
    'a prompt behind a turn of its own',
    'a prompt answered while the agent runs a turn of its own is waited for',
  ],
  ['a prompt behind a turn of its own', 'a prompt behind a turn of the agent’s own is no success'],
  ['writes in a work tree ask nobody', 'outside a repository writes are asked about'],
  ['who executes decides', 'files are read and written for the agent'],
  ['who executes decides', 'a command is refused also where the agent asks for nothing'],
  ['a refusal has a reason that is read', 'reads why it may not write everything'],
  [
    'a request shows the beginning of a command',
    'a long command is shown whole although the request cuts it off',
  ],
  [
    'a request for an unknown call',
    "a sub-agent's request is accepted although its call was never announced",
  ],
  ['a request for an unknown call', 'show the whole command of a sub-agent where its file agrees'],
  [
    'the mode is not reported truthfully',
    'a mode is set again after a resume, whatever the agent says it is in',
  ],
  ['the mode is left without a word', 'is asked about as a question; after "%s" the mode is what omk wants'],
  ['signals orphan commands', 'stop in the middle of a turn cancels it and ends every process'],
  ['signals orphan commands', '%s in the middle of a command is a crash that costs what was reported'],
  ['usage is not in the protocol', 'counts tokens once per model call, under ids that are all different'],
  ['usage is unknown, not zero', 'has no usage, rather than none spent, when the agent names none'],
  ['context usage comes after the answer', 'how full the context is may be told when the turn is over'],
  ['retries are silent', 'a model that is tried again and again is no silence'],
  ['retries are silent', 'retries that nobody hears of end as they end'],
  [
    'option ids are the agent’s own',
    'are answered each on its own, by the kind of the option, whatever ids they have',
  ],
  [
    'status is no sign of success',
    'Qwen Code tells tokens on chunks, calls in requests, and exit codes in words',
  ],
  ['the agent has goals and timers of its own', 'is not offered the tools by which it would work unasked'],
  // agents.md §3
  [
    'notices come as model speech',
    'model failures that look like success are no success, whatever notices come',
  ],
  ['a slash begins a command', 'that begins with a slash is not a command of the agent'],
  ['a limit of steps looks like an end', 'a limit of steps looks like an end, and is not confirmed as one'],
  ['background work', 'work in the background is asked about as such, or forbidden with a reason'],
  ['background work', 'what a command leaves in the background ends with the turn'],
  [
    'a cancelled request is not withdrawn',
    'cancelling while a person is asked closes the call that nobody else ends',
  ],
  [
    'history is told again',
    'history that is told again when a session is loaded is no part of the next turn',
  ],
  ['sessions have no lock', 'is in one process at a time'],
  ['sessions share a process', 'two sessions of one process are kept apart'],
  // agents.md §5.3
  ['numeric ids', 'ids that are numbers are answered as they are'],
  ['garbage', 'of some lines is skipped'],
  ['garbage without end', 'of more than 1,000 lines ends the session'],
  ['a line of 100 MB', 'in one line over 32 MiB ends the session'],
  ['a cut character', 'keeps text exactly as sent, wherever the bytes are cut'],
  ['unknown events', 'of unknown kinds is passed over, and every request gets an answer'],
  ['unknown display types', 'shapes nobody knows cost nothing but themselves'],
  ['status out of order', 'tokens are counted once, whenever they are reported'],
  ['a lost prompt', 'a prompt that was never begun is no success, whatever the answer says'],
  ['late updates', 'what comes late after a cancel is no part of the next turn'],
  ['requests at once', 'two requests at once are answered each on its own'],
  ['ids used again', 'an id that is used again is another call'],
  ['a hung start', 'in the handshake ends in a time-out and no process'],
  ['a hung load', 'is looked for within the limit of the handshake'],
  ['SIGKILL', 'by a signal in the middle of a turn is a crash'],
  ['exit code 0', 'in the middle of a turn is a crash, also with exit code 0'],
  ['a wrapper dies', 'a launcher that dies is a crash, and the agent it left behind is ended'],
  [
    'a cut command has no result',
    'cancelling ends words, commands, questions and silence, and the next prompt works',
  ],
  ['a replay is no news', 'a process that goes on tells what was before to nobody, and counts it nowhere'],
];

it.each(traps)('%s: %s', (_trap, title) => {
  expect(titles).toContain(title);
});
