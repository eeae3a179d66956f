import type { ModelPrograms } from '../fakes/model-server.ts';

/** Longer than what a permission request shows of a command. */
export const long = `echo ${'y'.repeat(100)}`;
/** What the model does; the tag in a prompt says which. */
export const programs: ModelPrograms = {
  hello: [{ text: ['Hel', 'lo ', 'wörld'], usage: { prompt: 1_500, completion: 7, cached: 500 } }],
  write: [
    { text: 'Writing. ', calls: [{ name: 'Write', args: { path: 'made.txt', content: 'made\n' } }] },
    { text: 'Done.' },
  ],
  'write-edit': [
    { calls: [{ name: 'Write', args: { path: 'kept.txt', content: 'one\ntwo\n' } }] },
    { calls: [{ name: 'Read', args: { path: 'kept.txt' } }] },
    { calls: [{ name: 'Edit', args: { path: 'kept.txt', old_string: 'two', new_string: 'TWO' } }] },
    { text: 'Edited.' },
  ],
  shell: [
    { calls: [{ name: 'Bash', args: { command: 'echo out; echo err >&2; exit 3', description: 'd' } }] },
    { text: 'ran' },
  ],
  leaves: [
    { calls: [{ name: 'Bash', args: { command: 'sleep 54321 & echo begun', description: 'd' } }] },
    { text: 'left it' },
  ],
  question: [
    {
      calls: [
        {
          name: 'AskUserQuestion',
          args: {
            questions: [
              {
                question: 'Which language?',
                header: 'Lang',
                options: [
                  { label: 'TypeScript', description: 't' },
                  { label: 'Python', description: 'p' },
                ],
                multi_select: false,
              },
            ],
          },
        },
      ],
    },
    { text: 'thanks' },
  ],
  background: [
    { calls: [{ name: 'Bash', args: { command: 'sleep 60', description: 'd', run_in_background: true } }] },
    { text: 'well' },
  ],
  parent: [
    { calls: [{ name: 'Agent', args: { prompt: '[[child]]', description: 'sub task' } }] },
    { text: 'all done' },
  ],
  child: [
    { calls: [{ name: 'Bash', args: { command: long, description: 'd' } }] },
    { text: 'Found nothing. '.repeat(40) },
  ],
  // As a refreshed token is written: beside the old one, then renamed over it.
  refresh: [
    {
      calls: [
        {
          name: 'Bash',
          args: {
            command:
              'cd "$KIMI_CODE_HOME/credentials" && cat kimi-code.json && echo new > t.tmp && mv t.tmp kimi-code.json',
            description: 'd',
          },
        },
      ],
    },
    { text: 'refreshed' },
  ],
  edit: [
    { calls: [{ name: 'Read', args: { path: 'made.txt' } }] },
    { calls: [{ name: 'Edit', args: { path: 'made.txt', old_string: 'made', new_string: 'edited' } }] },
    { text: 'edited' },
  ],
  todo: [
    {
      calls: [
        {
          name: 'TodoList',
          args: {
            todos: [
              { title: 'First', status: 'done' },
              { title: 'Second', status: 'in_progress' },
            ],
          },
        },
      ],
    },
    { text: 'planned' },
  ],
  'plan-write': [
    { calls: [{ name: 'Write', args: { path: 'forbidden.txt', content: 'x' } }] },
    { text: 'I may not.' },
  ],
  'enter-plan': [{ calls: [{ name: 'EnterPlanMode', args: {} }] }, { text: 'I will plan.' }],
  'write-other': [
    { calls: [{ name: 'Write', args: { path: 'other.txt', content: 'x' } }] },
    { text: 'Written.' },
  ],
  'hang-before': [{ hang: 'before' }],
  'cut-before': [{ cut: 'before' }],
  'cut-mid': [{ text: 'par', cut: 'mid' }],
  e429: [{ fail: { status: 429 } }],
  hang: [{ text: 'partial', hang: 'mid' }],
  e500: [{ fail: { status: 500 } }],
  e401: [{ fail: { status: 401 } }],
  recovers: [{ fail: { status: 500, times: 1 }, text: 'recovered' }],
  silent: [{ text: 'x', usage: null }],
};
