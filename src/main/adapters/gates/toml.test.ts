import { describe, expect, it } from 'vitest';
import { parseGatesToml } from './toml.ts';

const error = (text: string): string => {
  const parsed = parseGatesToml(text);
  return parsed.ok ? 'it was accepted' : parsed.error;
};

describe('gates.toml', () => {
  it('lets a person lock files besides, inside the repository only', () => {
    const gate = '[[gates]]\nname = "a"\ncommand = "x"\n';
    expect(parseGatesToml(`locked = ["checks/**", "./data/x.csv"]\n${gate}`)).toMatchObject({
      ok: true,
      value: { locked: ['checks/**', 'data/x.csv'] },
    });
    expect(parseGatesToml(gate)).toMatchObject({ ok: true, value: { locked: [] } });
    for (const wrong of ['["../x"]', '["/etc"]', '[" "]', '"x"', '[1]'])
      expect(error(`locked = ${wrong}\n${gate}`)).toMatch(/^\.omk\/gates\.toml: locked /);
  });

  it('reads gates with their defaults', () => {
    const parsed = parseGatesToml(`
[[gates]]
name = "unit"
command = "npm"
args = ["test"]

[[gates]]
name = "deps"
kind = "setup"
command = "make"
outputs = ["./vendor/", "~/.cache/x"]
timeout_secs = 5
cwd = "web/"

[[gates]]
name = "db"
command = "./it.sh"
services = ["postgres"]
allow-fail = true
repeat = 1
cost = "slow"
env = ["DB_URL"]
parser = "junit-xml"
`);
    expect(parsed).toMatchObject({
      ok: true,
      value: {
        gates: [
          {
            name: 'unit',
            argv: ['npm', 'test'],
            timeoutMs: 600_000,
            repeat: 2,
            required: true,
            network: false,
            cwd: '',
          },
          {
            name: 'deps',
            kind: 'setup',
            outputs: ['vendor', '~/.cache/x'],
            timeoutMs: 5_000,
            network: true,
            cwd: 'web',
          },
          {
            name: 'db',
            required: false,
            network: true,
            exclusive: true,
            cost: 'slow',
            env: ['DB_URL'],
            parser: 'junit-xml',
          },
        ],
        notes: ['"db" needs postgres; start them yourself, omk does not.'],
      },
    });
  });

  it('does not take skip for a pass', () => {
    expect(parseGatesToml('[[gates]]\nname="a"\ncommand="b"\nskip=true\n')).toMatchObject({
      ok: true,
      value: { gates: [{ selected: false, required: false }] },
    });
  });

  it.each<[string, string]>([
    [
      '[[gates]]\nname = "a"\ncomand = "b"\n',
      '.omk/gates.toml, line 1: unknown key "comand"; did you mean "command"?',
    ],
    ['[[gates]]\nname = "a"\ncommand = "b"\nzzz = 1\n', '.omk/gates.toml, line 1: unknown key "zzz".'],
    [
      'x = 1\n[[gates]]\nname = "a"\ncommand = "b"\n',
      '.omk/gates.toml: unknown key "x"; gates are written as [[gates]].',
    ],
    [
      '[[gates]]\nname = "a"\ncommand = "b"\n\n[[gates]]\nname = "a"\ncommand = "c"\n',
      '.omk/gates.toml, line 5: there are two gates named "a".',
    ],
    ['\n\nname = \n', '.omk/gates.toml, line 3:'],
    ['', 'names no gate'],
    ['[[gates]]\ncommand = "b"\n', 'line 1: name'],
    ['[[gates]]\nname = " "\ncommand = "b"\n', 'must not be blank'],
    ['[[gates]]\nname = "a"\ncommand = "b"\ncwd = "../x"\n', 'must stay inside the repository'],
    ['[[gates]]\nname = "a"\ncommand = "b"\ntimeout_secs = 90000\n', 'timeout_secs'],
    ['gates = [1]\n', 'a gate is a table.'],
  ])('is refused with the line and the reason: %j', (text, message) =>
    expect(error(text)).toContain(message),
  );
});
