import { expect, it } from 'vitest';
import { readCommand } from './command.ts';

const shown = (params: unknown): unknown => {
  const command = readCommand(params);
  return command === null ? null : { shown: command.shown, cwd: command.cwd };
};

it('shows a line as the model wrote it, without the shell and the folder that Kimi Code puts around it', () => {
  const args = ['-c', "cd '/w/it'\\''s' && npm test; echo \"$?\""];
  expect(shown({ command: '/bin/bash', args, cwd: '/w' })).toEqual({
    shown: 'npm test; echo "$?"',
    cwd: "/w/it's",
  });
});

it('shows a program with its arguments as words', () => {
  expect(shown({ command: 'git', args: ['commit', '-m', "it's"], cwd: '/w' })).toEqual({
    shown: "git commit -m 'it'\\''s'",
    cwd: '/w',
  });
});

it('hands a whole line without arguments to a shell', () => {
  expect(readCommand({ command: 'npm test && echo ok' })?.argv).toEqual([
    '/bin/sh',
    '-c',
    'npm test && echo ok',
  ]);
  expect(readCommand({ command: 'make' })?.argv).toEqual(['make']);
});

it('shows every variable that may change what a command does, and never lets one replace its home', () => {
  const env = [
    { name: 'NO_COLOR', value: '1' },
    { name: 'LD_PRELOAD', value: './x.so' },
    { name: 'HOME', value: '/root' },
    { name: 'not a name', value: 'x' },
  ];
  const command = readCommand({ command: 'npm', args: ['test'], env });
  expect(command?.shown).toBe('LD_PRELOAD=./x.so npm test');
  expect(command?.env).toEqual({ NO_COLOR: '1', LD_PRELOAD: './x.so' });
});

it('finds no command where there is none', () => {
  for (const params of [null, {}, { command: '' }, { command: ' ' }, { command: 3 }, { command: 'a\0b' }])
    expect(readCommand(params)).toBe(null);
});
