import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { err, ok } from '../../../../shared/kernel/result.ts';
import type { FileError, RawTest } from '../../../runtime/verification/test-report.ts';
import type { ParsedReport } from './types.ts';

const MAX_DEPTH = 100;

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  processEntities: true,
  htmlEntities: false,
  isArray: (name) => ['testsuite', 'testcase', 'failure', 'error', 'skipped'].includes(name),
  parseAttributeValue: false,
  parseTagValue: false,
});

type Node = { readonly [key: string]: unknown };

/** JUnit XML as most runners write it: nested suites, `failure`, `error`, `skipped`. One document, no DTD. */
export function parseJunitXml(text: string): ParsedReport {
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text))
    return err('it declares entities, which a test report has no use for.');
  const valid = XMLValidator.validate(text);
  if (valid !== true) return err('it is not one XML document.');
  let root: Node;
  try {
    root = parser.parse(text) as Node;
  } catch {
    return err('it is not one XML document.');
  }
  const top = Object.keys(root).filter((key) => !key.startsWith('?'));
  // Two documents in a row: a second writer.
  const roots = nodes(root['testsuite']);
  if (Array.isArray(root['testsuite']) && root['testsuite'].length > 1)
    return err('it is not one XML document.');
  if (top.length !== 1 || (top[0] !== 'testsuites' && top[0] !== 'testsuite'))
    return err('it is XML, but not a JUnit report.');
  const tests: RawTest[] = [];
  const fileErrors: FileError[] = [];
  const visit = (suite: Node, file: string, names: readonly string[], depth: number): void => {
    if (depth > MAX_DEPTH) return;
    const here = attribute(suite, 'file') ?? attribute(suite, 'filepath') ?? file;
    for (const test of nodes(suite['testcase'])) {
      // PHPUnit writes a class by its own name, and again with its separators changed.
      const inClass = attribute(test, 'class') ?? attribute(test, 'classname') ?? '';
      const path = [...names, inClass, attribute(test, 'name') ?? ''];
      const errors = nodes(test['error']);
      const failed =
        'failure' in test || ('error' in test && (errors.length === 0 || !errors.every(isRisky)));
      tests.push({
        file: attribute(test, 'file') ?? here,
        path: path.filter((name, index) => name !== '' && name !== path[index - 1]),
        outcome: failed ? 'failed' : 'skipped' in test || errors.length > 0 ? 'skipped' : 'passed',
      });
    }
    for (const inner of nodes(suite['testsuite']))
      visit(
        inner,
        here,
        [...names, attribute(inner, 'name') ?? ''].filter((name) => name !== ''),
        depth + 1,
      );
  };
  const suites = top[0] === 'testsuites' ? [(root['testsuites'] ?? {}) as Node] : roots;
  for (const suite of suites) visit(suite, '', [], 0);
  return ok({ tests, fileErrors });
}

/** PHPUnit's word for a test that asserts nothing; the run is still a success, and the test no pass. */
const isRisky = (error: Node): boolean => /\bRiskyTest\w*$/.test(attribute(error, 'type') ?? '');

function nodes(value: unknown): Node[] {
  const list = Array.isArray(value) ? value : value === undefined ? [] : [value];
  return list.filter((one): one is Node => one !== null && typeof one === 'object');
}

function attribute(node: Node, name: string): string | null {
  const value = node[`@${name}`];
  return typeof value === 'string' && value !== '' ? value : null;
}
