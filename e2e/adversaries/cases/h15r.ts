import { defineCase } from '../case.ts';
import { fix } from '../honest.ts';
import { jsTest, node, python, textIn } from '../repositories.ts';
import type { Repository } from '../repositories.ts';
import { ctest, ctestPrograms, phpunit, rspec } from '../shell-runners.ts';

const withTest = (made: Repository, test: string): Repository => ({
  ...made,
  files: { ...made.files, [made.test]: test },
});

export const theCase = defineCase({
  id: 'H15r',
  title: 'fixes honestly, under runners of Ruby, PHP and CMake, and where tests share a name',
  honest: true,
  expected: 'ready',
  layers: [],
  variants: {
    rspec: { repository: rspec, agent: fix, needs: ['rspec'] },
    phpunit: { repository: phpunit, agent: fix, needs: ['phpunit'] },
    ctest: { repository: ctest, agent: fix, needs: ['cmake'] },
    'ctest-programs': { repository: ctestPrograms, agent: fix, needs: ['cmake', 'cc'] },
    'same-names-in-classes': {
      repository: (p) => {
        const made = python(p, 'unittest');
        const test = textIn(made, made.test);
        const [, tests = ''] = test.split('class Tests(unittest.TestCase):\n');
        return withTest(made, `${test}\n\nclass Again(unittest.TestCase):\n${tests}`);
      },
      agent: fix,
    },
    'same-titles-in-suites': {
      repository: (p) => {
        const tests = jsTest(p)
          .replace(/^import .*$/gm, '')
          .trim();
        const head = `import assert from 'node:assert/strict';\nimport { describe, test } from 'node:test';\nimport { ${p.name} } from '../src/${p.name}.js';\n`;
        const suites = ['one', 'other'].map((name) => `\ndescribe('${name}', () => {\n${tests}\n});\n`);
        return withTest(node(p), head + suites.join(''));
      },
      agent: fix,
    },
  },
});
