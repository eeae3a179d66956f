import { describe, expect, it } from 'vitest';
import { lockClass, supportFile } from './locked.ts';
import { planOracle, withTheirs } from './oracle-plan.ts';
import type { TreeEntry } from '../ports.ts';
import { Oid } from '../../../shared/kernel/ids.ts';

const entry = (path: string, content = 'a', mode: TreeEntry['mode'] = '100644'): TreeEntry => ({
  path,
  mode,
  oid: Oid.parse(content.repeat(40)),
});

describe('a path belongs to the oracle', () => {
  it.each([
    [
      'test',
      'test/a.js src/a.test.ts src/a_test.go tests/conf/x.json spec/a_spec.rb test_a.py src/CalcTest.php app/UserTests.cs spec/fixtures/a.yml src/test_calc.cpp calc_test.c pkg/tests/deep/x.txt __mocks__/fs.js src/test-utils.ts test.js t/add.t xt/lib/Help.pm',
    ],
    ['golden', 'src/__snapshots__/a.snap a.golden pkg/testdata/in.txt golden/out.txt'],
    [
      'runner',
      'vitest.config.ts jest.preset.js vite.config.js jest.config.cjs jest.setup.js conftest.py pytest.ini tox.ini Makefile .mocharc.json playwright.config.ts src/setupTests.js babel.config.js .rspec .rspec-local phpunit.xml phpunit.xml.dist phpunit.dist.xml CTestTestfile.cmake CTestCustom.cmake.in playwright-ct.config.ts',
    ],
    [
      'checker',
      'eslint.config.js .eslintrc.json tsconfig.json tsconfig.build.json .flake8 mypy.ini ruff.toml .coveragerc .nycrc clippy.toml biome.json .golangci.yml',
    ],
    ['gates', '.omk/gates.toml .omk/other'],
    ['ci', '.github/workflows/ci.yml .gitlab-ci.yml Jenkinsfile .circleci/config.yml azure-pipelines.yml'],
    [
      'lockfile',
      'package-lock.json yarn.lock Cargo.lock go.sum requirements.txt requirements-dev.txt uv.lock web/pnpm-lock.yaml vendor/modules.txt vendor/github.com/x/y/z.go vendor/autoload.php vendor/a/b/C.php',
    ],
    [
      'ci',
      '.cirrus.yml .Cirrus.star .gitlab-ci.yml ci/build.gitlab-ci.yml .travis.yml azure-pipelines.yml .drone.star .woodpecker/a.yml .buildkite/pipeline.yml Jenkinsfile ci/Jenkinsfile.release appveyor.yml bitbucket-pipelines.yml .teamcity/settings.kts .semaphore/semaphore.yml .circleci/config.yml buildspec.yml',
    ],
    [
      'package-manager',
      '.npmrc .yarnrc.yml .cargo/config.toml pip.conf .nvmrc rust-toolchain.toml .yarn/plugins/x.cjs',
    ],
  ] as const)('as %s', (kind, paths) => {
    for (const path of paths.split(' ')) expect([path, lockClass(path)]).toEqual([path, kind]);
  });

  it('and product does not', () => {
    const product =
      'src/index.js README.md vendor/jquery/jquery.js app/Vendor/Vendor.php lib/contest.js src/latest.py src/snapshots/manager.ts spec/openapi.yaml src/spec-parser.ts docs/testing.md src/attest.rs src/Latest.php src/Contest.java src/Testimony.php src/calc.c include/attest.h spec/api.json package.json src/attestation/x.go app/inspect.js lib/t.pm i18n/it/x.pm';
    for (const path of product.split(' ')) expect([path, lockClass(path)]).toEqual([path, null]);
  });

  it('when a runner or interpreter would find it by itself', () => {
    for (const path of ['conftest.py', 'pkg/conftest.py', 'src/__mocks__/a.js'])
      expect(supportFile(path)).toBe('support');
    for (const path of [
      'pytest/__main__.py',
      'json.py',
      'sitecustomize.py',
      'x.pth',
      'node_modules/vitest/index.js',
      '.venv/bin/python',
      'src/unittest.py',
    ])
      expect([path, supportFile(path)]).toEqual([path, 'shadow']);
    for (const path of ['src/app/json.py', 'src/time_utils.py', 'pytest_plugin.py'])
      expect(supportFile(path)).toBeNull();
  });
});

describe('a new module', () => {
  const base = [
    'app.py',
    'test_app.py',
    'checks/test_b.py',
    'pkg/__init__.py',
    'pkg/tests/__init__.py',
    'pkg/tests/test_c.py',
    'queue.py',
  ].map((path) => entry(path));
  const kind = (path: string): string | null =>
    planOracle(base, [...base, entry(path)], new Set(), {
      modules: new Set(['acme_sdk']),
      packages: new Set(['src/lodash']),
    }).changed[0]?.kind ?? null;

  it('that would be loaded for one of the language or of a dependency is a shadow', () => {
    for (const path of 'difflib.py contextlib.py numpy/__init__.py src/difflib.py acme_sdk.py acme_sdk/__init__.py json.cpython-311-x86_64-linux-gnu.so checks/secrets.py src/lodash.ts src/lodash/index.js'.split(
      ' ',
    ))
      expect([path, kind(path)]).toEqual([path, 'shadow']);
  });
  it('of its own name, or where nothing looks for modules, is product', () => {
    for (const path of 'helpers.py pkg/types.py pkg/difflib.py src/app/json.py queue/__init__.py numpy/readme.md app_sdk.py data/json.json src/lodash/other.js src/lodash.md'.split(
      ' ',
    ))
      expect([path, kind(path)]).toEqual([path, null]);
  });
});

describe('the plan for a tree', () => {
  const base = [entry('src/a.js'), entry('test/a.js'), entry('test/b.js'), entry('package.json')];

  it('restores what changed or went, removes what base does not have, and leaves product alone', () => {
    const plan = planOracle(
      base,
      [
        entry('src/a.js', 'b'),
        entry('test/a.js', 'b'),
        entry('test/new.js'),
        entry('conftest.py'),
        entry('package.json', 'b'),
      ],
      new Set(),
    );
    expect(plan.restore.map((one) => one.path)).toEqual(['test/a.js', 'test/b.js']);
    expect(plan.remove).toEqual(['test/new.js', 'conftest.py']);
    expect(plan.manifests.map((one) => one.path)).toEqual(['package.json']);
    expect(plan.changed.map((one) => `${one.path} ${one.change}`)).toEqual([
      'test/a.js modified',
      'test/b.js deleted',
      'test/new.js added',
      'conftest.py added',
    ]);
  });

  it('sees an executable bit and a link in place of a test', () => {
    const plan = planOracle(
      base,
      [
        entry('src/a.js'),
        entry('test/a.js', 'a', '100755'),
        entry('test/b.js', 'c', '120000'),
        entry('package.json'),
      ],
      new Set(),
    );
    expect(plan.changed.map((one) => one.change)).toEqual(['modified', 'type']);
  });

  it('brings back a manifest that is gone', () => {
    const plan = planOracle(base, base.slice(0, 3), new Set());
    expect(plan.restore.map((one) => one.path)).toEqual(['package.json']);
  });

  it('lets a person put the slice’s own file into the oracle', () => {
    const plan = withTheirs(
      planOracle(base, [entry('src/a.js'), entry('test/a.js', 'b'), entry('package.json')], new Set()),
      new Set(['test/a.js', 'test/b.js']),
    );
    expect(plan.restore).toEqual([]);
    expect(plan.locked).toEqual([entry('test/a.js', 'b')]);
  });
});

describe('a path that gates call or obey', () => {
  it('is test code, a build definition or recorded data', () => {
    const extra = new Set(['tools/run.js', 'CMakeLists.txt', 'data/x.csv']);
    expect([...extra].map((path) => lockClass(path, extra))).toEqual(['test', 'runner', 'golden']);
  });
});
