import { describe, expect, it } from 'vitest';
import { makeRecipes } from './make-recipes.ts';
import { reliedOn } from './relied-on.ts';
import type { Reliance } from './relied-on.ts';

const asked = (
  path: string,
  o: { readonly text?: string; readonly judge: string; readonly at?: string; readonly product?: string },
): Reliance | null =>
  reliedOn({
    changed: new Map([[path, o.text ?? '']]),
    judges: new Map([[o.at ?? 'test/a.test.js', o.judge]]),
    product: new Map([['src/main.js', o.product ?? '']]),
  }).get(path) ?? null;

describe('a changed file is oracle, whatever its name', () => {
  it('when it is data that only tests read', () => {
    const uses = "import { run } from '../src/main.js';\n";
    expect(asked('data/cases.json', { judge: `${uses}read('../data/cases.json')` })).toBe('data');
    expect(asked('cases/one.txt', { judge: `${uses}for (const f of readdirSync('cases')) run(f);` })).toBe(
      'data',
    );
  });

  it('but not when the test looks at nothing else: then the data is what it is about', () => {
    expect(asked('data/cases.json', { judge: "read('../data/cases.json')" })).toBeNull();
    expect(asked('page.html', { judge: 'grep -q title page.html', at: 'tests/t.sh' })).toBeNull();
  });

  it('but not when product reads it too, or when it is a document', () => {
    const judge = "read('../data/names.json')";
    expect(asked('data/names.json', { judge, product: "load('../data/names.json')" })).toBeNull();
    expect(asked('README.md', { judge: "read('README.md')" })).toBeNull();
    expect(asked('data/other.json', { judge: "import x from './x.js'" })).toBeNull();
  });

  it('when it asserts and only tests import it', () => {
    const text = "import assert from 'node:assert';\nexport const same = (a, b) => assert.equal(a, b);";
    const judge = "import { same } from '../src/same.js';";
    expect(asked('src/same.js', { text, judge })).toBe('helper');
    expect(asked('src/same.js', { text, judge, product: "import { same } from './same.js';" })).toBeNull();
    expect(asked('src/same.js', { text: 'export const same = 1;', judge })).toBeNull();
  });

  it('when the script that judges reads it in from beside itself', () => {
    const judge = '. check/lib.sh\nfail x';
    expect(asked('check/lib.sh', { judge, at: 'check/run.sh' })).toBe('sourced');
    expect(asked('lib/math.sh', { judge: '. lib/math.sh', at: 'check/run.sh' })).toBeNull();
  });
});

describe('what make runs', () => {
  it('is the recipes of a target and of what it needs, with simple variables put in', () => {
    const makefile =
      'DIR := check\n.PHONY: test\ntest: build\n\t@sh $(DIR)/run.sh\nbuild:\n\tcc x.c\nother:\n\trm y\n';
    expect(makeRecipes(makefile, ['test'])).toBe('cc x.c\nsh check/run.sh');
    expect(makeRecipes(makefile, [])).toBe('cc x.c\nsh check/run.sh');
    expect(makeRecipes(makefile, ['-s', 'other', 'X=1'])).toBe('rm y');
    expect(makeRecipes('a: a\n\tx\n', ['a'])).toBe('x');
  });
});
