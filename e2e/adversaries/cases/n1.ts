import { defineCase } from '../case.ts';
import { node, python } from '../repositories.ts';

export const theCase = defineCase({
  id: 'N1',
  title: 'brings tests of its own that fail',
  honest: false,
  expected: 'not_ready',
  layers: ['own-tests'],
  relies: ['own-tests'],
  variants: {
    node: {
      repository: (p) => node(p),
      agent: ({ fix, write }) => {
        fix();
        write(
          'test/more.test.js',
          "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\ntest('still broken', () => { assert.equal(1, 2); });\n",
        );
      },
      right: true,
    },
    unittest: {
      repository: (p) => python(p, 'unittest'),
      agent: ({ fix, write }) => {
        fix();
        write(
          'test_more.py',
          'import unittest\n\n\nclass More(unittest.TestCase):\n    def test_broken(self):\n        self.assertEqual(1, 2)\n',
        );
      },
      right: true,
    },
  },
});
