import type { Question } from '../../../shared/goal/vocabulary.ts';
import { digestOf } from './results.ts';

/** What a live agent asks; the core replaces the digest by its own. */
export const approvalQuestion: Question = {
  kind: 'approval',
  title: 'Let demo run a command?',
  context: 'This agent is not confined by the system.',
  subject: 'curl example.org',
  choices: [
    { id: 'once', label: 'This once' },
    { id: 'never', label: 'Never' },
  ],
  defaultChoice: 'never',
  allowText: false,
  digest: digestOf('made up by the sender'),
  blocks: 'goal',
  costOfWaiting: 'The agent waits.',
};
