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

  it('reads a golden gate with its cases', () => {
    const parsed = parseGatesToml(`
[[gates]]
name = "cli"
kind = "golden"
command = "./new"
old = ["python3", "old.py"]
[[gates.cases]]
name = "sum"
args = ["2"]
stdin = "3"
files = ["./out/sum.txt"]
[[gates.cases]]
name = "help"
fixture = "golden/help/"
differences = [{ field = "files/log", reason = "No log any more." }]
`);
    expect(parsed).toMatchObject({
      ok: true,
      value: {
        gates: [
          {
            kind: 'golden',
            argv: ['./new'],
            old: ['python3', 'old.py'],
            network: false,
            cases: [
              { name: 'sum', args: ['2'], stdin: '3', files: ['out/sum.txt'], differences: [] },
              { name: 'help', fixture: 'golden/help', differences: [{ field: 'files/log' }] },
            ],
          },
        ],
      },
    });
  });

  it('adds nothing to gates of other kinds, whose digest it would change', () => {
    const parsed = parseGatesToml('[[gates]]\nname="a"\ncommand="b"\n');
    expect(parsed.ok && Object.keys(parsed.value.gates[0] ?? {})).not.toContain('cases');
  });

  it.each<[string, string]>([
    ['', 'line 1: a golden gate needs cases'],
    ['cases = [{ name = "a" }]', 'the case "a" has nothing to be compared with'],
    ['cases = [{ name = "a", fixture = "/etc" }]', 'cases.0.fixture must stay inside the repository'],
    ['cases = [{ name = "a", fixture = "x/../../y" }]', 'cases.0.fixture must stay inside the repository'],
    ['cases = [{ name = "a", fixture = "." }]', 'cases.0.fixture must name something'],
    ['old = ["x"]\ncases = [{ name = "a", files = ["../out"] }]', 'cases.0.files.0 must stay inside'],
    ['old = ["x"]\ncases = [{ name = "a", files = ["a\\u0000b"] }]', 'must not hold control characters'],
    ['old = ["x"]\ncases = [{ name = "a" }, { name = "a" }]', 'the case "a" is there twice'],
    ['old = []\ncases = [{ name = "a" }]', 'old'],
    ['old = ["x"]\nparser = "junit-xml"\ncases = [{ name = "a" }]', 'takes no parser'],
    ['old = ["x"]\noutputs = ["y"]\ncases = [{ name = "a" }]', 'outputs belong to a setup'],
    ['old = ["x"]\ncases = [{ name = "a", arg = [] }]', 'Unrecognized key: "arg"'],
    [
      'old = ["x"]\ncases = [{ name = "a", differences = [{ field = "output", reason = "r" }] }]',
      'must be stdout, stderr, exit_code or files/<path>',
    ],
    [
      'old = ["x"]\ncases = [{ name = "a", differences = [{ field = "files/y", reason = "r" }] }]',
      'the case "a" does not observe files/y; add the path to its files',
    ],
    [
      'old = ["x"]\ncases = [{ name = "a", differences = [{ field = "stdout", reason = " " }] }]',
      'must not be blank',
    ],
  ])('is refused as a golden gate with the reason: %j', (more, message) =>
    expect(error(`[[gates]]\nname = "a"\ncommand = "b"\nkind = "golden"\n${more}\n`)).toContain(message),
  );

  it('knows cases in golden gates only', () =>
    expect(error('[[gates]]\nname = "a"\ncommand = "b"\nold = ["c"]\n')).toContain(
      'belong to kind = "golden"',
    ));

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
