import type { GateSpec } from '../../../../shared/goal/vocabulary.ts';
import { gate, inDir, setupGate } from './gate.ts';
import type { Detected, Surroundings } from './types.ts';

const none: Detected = { gates: [], notes: [] };

/** pytest when the project uses it, else unittest. A committed virtual environment is never used. */
export async function detectPython(around: Surroundings): Promise<Detected> {
  const names = ['pyproject.toml', 'setup.py', 'setup.cfg', 'requirements.txt', 'pytest.ini', 'tox.ini'];
  const tests = around.entries.filter((entry) =>
    /(?:^|\/)(?:test_[^/]*|[^/]*_test|tests)\.py$/.test(entry.path),
  );
  if (!names.some(around.has) && tests.length === 0) return none;
  const python = (await around.tool('python3')) ? 'python3' : (await around.tool('python')) ? 'python' : null;
  if (python === null)
    return { gates: [], notes: ['This looks like Python, but python3 is not on the PATH.'] };

  const notes: string[] = [];
  const setup = await pythonSetup(around, python, notes);
  if (tests.length === 0) {
    notes.push('No Python tests were found.');
    return { gates: setup === null ? [] : [setup], notes };
  }
  const run = setup === null ? python : '.venv/bin/python';
  // Without a package in between, discovery does not enter folders by itself.
  const folder = tests
    .map((entry) => /^(tests?)\/test[^/]*\.py$/.exec(entry.path)?.[1])
    .find((one) => one !== undefined);
  const where = folder === undefined || around.has(`${folder}/__init__.py`) ? [] : ['-s', folder];
  const usesPytest = await mentionsPytest(
    around,
    tests.map((entry) => entry.path),
  );
  const test =
    usesPytest || (setup === null && (await around.tool('pytest')))
      ? gate({
          name: 'test',
          argv: [run, '-m', 'pytest'],
          parser: 'pytest',
          source: usesPytest ?? 'Python tests',
        })
      : gate({
          name: 'test',
          argv: [run, '-m', 'unittest', 'discover', ...where],
          parser: 'unittest',
          source: 'Python tests',
        });
  return { gates: setup === null ? [test] : [setup, test], notes };
}

async function mentionsPytest(around: Surroundings, tests: readonly string[]): Promise<string | null> {
  for (const file of ['pytest.ini', '.pytest.ini', 'conftest.py', 'tests/conftest.py'])
    if (around.has(file)) return file;
  const lists = around.entries
    .map((entry) => entry.path)
    .filter((path) =>
      /^(?:pyproject\.toml|setup\.(?:cfg|py)|tox\.ini|Pipfile|requirements[^/]*\.txt)$/.test(path),
    );
  for (const file of [...lists, ...tests.slice(0, 20)])
    if (/\bpytest\b/.test((await around.text(file)) ?? '')) return file;
  return null;
}

async function pythonSetup(around: Surroundings, python: string, notes: string[]): Promise<GateSpec | null> {
  if (around.has('uv.lock')) {
    if (await around.tool('uv'))
      return setupGate({
        name: 'install',
        argv: ['uv', 'sync', '--frozen', '--all-extras', '--all-groups'],
        source: 'uv.lock',
        outputs: ['.venv'],
      });
    notes.push('uv.lock is there, but uv is not on the PATH; gates run without dependencies.');
    return null;
  }
  const lists = [
    'requirements.txt',
    'requirements-dev.txt',
    'dev-requirements.txt',
    'requirements/dev.txt',
  ].filter(around.has);
  const wanted = (
    await Promise.all(
      lists.map(async (list) => (/^[^\s#-]/m.test((await around.text(list)) ?? '') ? list : '')),
    )
  ).filter((list) => list !== '');
  if (wanted.length === 0) return null;
  const install = wanted.map((list) => `-r ${list}`).join(' ');
  return setupGate({
    name: 'install',
    argv: [
      'sh',
      '-c',
      `${python} -m venv .venv && .venv/bin/python -m pip install --disable-pip-version-check ${install}`,
    ],
    source: wanted[0] ?? 'requirements.txt',
    outputs: ['.venv'],
  });
}

export async function detectRust(around: Surroundings): Promise<Detected> {
  if (!around.has('Cargo.toml')) return none;
  if (!(await around.tool('cargo')))
    return { gates: [], notes: ['Cargo.toml is there, but cargo is not on the PATH.'] };
  const lock = await around.text('Cargo.lock');
  const gates: GateSpec[] = [];
  // Only packages from elsewhere have a source; without any there is nothing to fetch.
  if (lock !== null && /^source = /m.test(lock))
    gates.push(
      setupGate({
        name: 'fetch',
        argv: ['cargo', 'fetch', '--locked'],
        source: 'Cargo.lock',
        outputs: ['~/.cargo/registry', '~/.cargo/git'],
      }),
    );
  gates.push(
    gate({ name: 'test', argv: ['cargo', 'test'], parser: 'cargo-test', source: 'Cargo.toml', cost: 'slow' }),
  );
  return { gates, notes: [] };
}

export async function detectGo(around: Surroundings): Promise<Detected> {
  if (!around.has('go.mod')) return none;
  if (!(await around.tool('go')))
    return { gates: [], notes: ['go.mod is there, but go is not on the PATH.'] };
  const gates: GateSpec[] = [];
  if (around.has('go.sum') && !around.has('vendor/modules.txt'))
    gates.push(
      setupGate({
        name: 'download',
        argv: ['go', 'mod', 'download'],
        source: 'go.sum',
        outputs: ['~/go/pkg/mod'],
      }),
    );
  gates.push(
    gate({ name: 'vet', argv: ['go', 'vet', './...'], source: 'go.mod' }),
    // Without -count=1 a second run would answer from the cache of the first.
    gate({ name: 'test', argv: ['go', 'test', '-count=1', './...'], parser: 'go-json', source: 'go.mod' }),
  );
  return { gates, notes: [] };
}

/** Targets named test or check. Offered but off where something finer was found, because they usually wrap it. */
export async function detectMake(around: Surroundings, alone: boolean): Promise<Detected> {
  const file = ['GNUmakefile', 'Makefile', 'makefile'].find(around.has);
  if (file === undefined) return none;
  const text = (await around.text(file)) ?? '';
  const targets = ['test', 'check'].filter((target) =>
    new RegExp(String.raw`^${target}\s*:(?!=)`, 'm').test(text),
  );
  if (targets.length === 0) return none;
  if (!(await around.tool('make')))
    return { gates: [], notes: [`${file} is there, but make is not on the PATH.`] };
  return {
    gates: targets.map((target) =>
      gate({
        name: alone ? target : `make ${target}`,
        argv: ['make', target],
        source: inDir('', `${file} ${target}:`),
        selected: alone,
      }),
    ),
    notes: [],
  };
}
