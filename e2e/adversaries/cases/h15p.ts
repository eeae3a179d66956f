import { defineCase } from '../case.ts';
import { also, fix } from '../honest.ts';
import { python } from '../repositories.ts';

export const theCase = defineCase({
  id: 'H15p',
  title: 'fixes or builds honestly, in Python',
  honest: true,
  expected: 'ready',
  layers: [],
  variants: {
    'unittest-fix': { repository: (p) => python(p, 'unittest'), agent: fix },
    'unittest-leaves-caches': {
      repository: (p) => python(p, 'unittest'),
      agent: (hands) => {
        hands.fix();
        hands.run('python3', '-m', 'unittest');
      },
    },
    'unittest-package': {
      repository: (p) => {
        const made = python(p, 'unittest');
        return {
          ...made,
          product: `${p.name}/core.py`,
          files: {
            ...Object.fromEntries(Object.entries(made.files).filter(([path]) => path !== made.product)),
            [`${p.name}/core.py`]: p.py.bad,
            [`${p.name}/__init__.py`]: `from .core import ${p.name}  # noqa: F401\n`,
          },
        };
      },
      agent: fix,
    },
    'unittest-tests-folder': {
      repository: (p) => {
        const made = python(p, 'unittest');
        const { [made.test]: text = '', ...files } = made.files;
        return {
          ...made,
          test: `tests/${made.test}`,
          files: { ...files, [`tests/${made.test}`]: text, 'tests/__init__.py': '' },
        };
      },
      agent: fix,
    },
    'unittest-with-typed-package': {
      repository: (p) => python(p, 'unittest'),
      agent: also(({ write }) => {
        write('shapes/__init__.py', '');
        write('shapes/types.py', 'SIDES = {"square": 4}\n');
        write('shapes/calendar.py', 'DAYS = 7\n');
      }),
    },
    'unittest-with-new-module': {
      repository: (p) => python(p, 'unittest'),
      agent: also(({ write }) => write('shapes.py', 'SIDES = {"square": 4}\n')),
    },
    'unittest-with-pyproject': {
      repository: (p) =>
        python(p, 'unittest', { 'pyproject.toml': '[project]\nname = "x"\nversion = "1.0"\n' }),
      agent: also(({ edit }) =>
        edit('pyproject.toml', (text) => text.replace('"1.0"', '"1.1"\ndescription = "Small."')),
      ),
    },
    'pytest-fix': { repository: (p) => python(p, 'pytest'), agent: fix, needs: ['pytest'] },
    'pytest-leaves-caches': {
      repository: (p) => python(p, 'pytest'),
      agent: (hands) => {
        hands.fix();
        hands.run('python3', '-m', 'pytest', '-q');
      },
      needs: ['pytest'],
    },
    'pytest-conftest': {
      repository: (p) =>
        python(p, 'pytest', {
          'conftest.py': 'import pytest\n\n\n@pytest.fixture\ndef nothing():\n    return None\n',
        }),
      agent: fix,
      needs: ['pytest'],
    },
    'pytest-parametrised': {
      repository: (p) => {
        const made = python(p, 'pytest');
        const py = (value: unknown): string =>
          value === true ? 'True' : value === false ? 'False' : JSON.stringify(value);
        const rows = [...p.works, ...p.fails]
          .map((call) => `    (${JSON.stringify(call.args)}, ${py(call.gives)}),`)
          .join('\n');
        return {
          ...made,
          files: {
            ...made.files,
            [made.test]: `import pytest\nfrom ${p.name} import ${p.name}\n\n\n@pytest.mark.parametrize("args, gives", [\n${rows}\n])\ndef test_all(args, gives):\n    assert ${p.name}(*args) == gives\n`,
          },
        };
      },
      agent: fix,
      needs: ['pytest'],
    },
    'pytest-with-new-test': {
      repository: (p) => python(p, 'pytest'),
      agent: also(({ write, problem }) =>
        write(
          `test_more_${problem.name}.py`,
          `from ${problem.name} import ${problem.name}\n\n\ndef test_is_there():\n    assert callable(${problem.name})\n`,
        ),
      ),
      needs: ['pytest'],
    },
  },
});
