import { isCode } from './locked.ts';

/** What a file that changes has to do with the tests that judge it. */
export type Reliance =
  /** Data that tests of product code read and that code does not: expectations by another name. */
  | 'data'
  /** Code with assertions in it that tests import and no product code does. Whether it is product, only a person can say. */
  | 'helper'
  /** Read into the script that judges, from beside it. */
  | 'sourced';

export type RelianceOptions = {
  /** Changed files of base that are not locked by their name, with their text at base (`''` where it is none). */
  readonly changed: ReadonlyMap<string, string>;
  /** Tests and scripts that judge, as they are on base. */
  readonly judges: ReadonlyMap<string, string>;
  /** All other code of base. */
  readonly product: ReadonlyMap<string, string>;
};

const ASSERTS =
  /(?:from|require\(|import)\s*\(?\s*['"](?:node:)?(?:assert|test|chai|expect|vitest|@jest\/globals|should|tap|ava|power-assert|unexpected)(?:\/\w+)?['"]|^\s*(?:import|from)\s+(?:unittest|pytest|assertpy|hamcrest|nose)\b|\bjest\.\w+\(|\bexpect\s*\(/m;
const DOCUMENT = /\.(?:md|mdx|rst|adoc)$|(?:^|\/)(?:licen[cs]e|changelog|authors|notice)(?:\.\w+)?$/i;

/** Finds out by names alone (decisions X17): cheap, and only ever asked about the few files that a change touches. */
export function reliedOn(o: RelianceOptions): Map<string, Reliance> {
  const found = new Map<string, Reliance>();
  for (const [path, text] of o.changed) {
    if (DOCUMENT.test(path)) continue;
    if (!isCode(path)) {
      if (isExpectation(path, o)) found.set(path, 'data');
    } else if (isSourced(path, o.judges)) found.set(path, 'sourced');
    else if (ASSERTS.test(text) && imported(path, o.judges) && !imported(path, o.product))
      found.set(path, 'helper');
  }
  return found;
}

/**
 * Read by a test that is about code of the product, and by no such code itself. A test that looks at data alone is about that data,
 * which is then the product.
 */
function isExpectation(path: string, { judges, product }: RelianceOptions): boolean {
  if (mentioned(path, product)) return false;
  for (const [judge, text] of judges) {
    const one = new Map([[judge, text]]);
    if (!mentioned(path, one)) continue;
    for (const other of product.keys()) {
      const stem = (other.split('/').at(-1) ?? '').replace(/\.\w+$/, '');
      if (text.includes(stem) && (imported(other, one) || mentioned(other, one))) return true;
    }
  }
  return false;
}

/** By its name, or by that of a folder it lies in, as a whole word of a path. */
function mentioned(path: string, texts: ReadonlyMap<string, string>): boolean {
  const parts = path.split('/');
  const name = word(parts.at(-1) ?? '');
  const folders = parts.slice(0, -1).map((part) => new RegExp(`['"\`/ (]${escaped(part)}(?=['"\`/*])`));
  for (const [other, text] of texts) {
    if (other === path) continue;
    if (name.test(text) || folders.some((folder) => folder.test(text))) return true;
  }
  return false;
}

function imported(path: string, texts: ReadonlyMap<string, string>): boolean {
  const stem = escaped((path.split('/').at(-1) ?? '').replace(/\.\w+$/, ''));
  const pattern = new RegExp(
    `(?:from|import|require)\\b[^\\n;]{0,200}(?:['"/.]|\\b)${stem}(?:\\.[cm]?[jt]sx?)?(?:['"]|\\s|$|,)`,
    'm',
  );
  return [...texts].some(([other, text]) => other !== path && pattern.test(text));
}

/** From a folder that belongs to the script, never from where product may lie. */
function isSourced(path: string, judges: ReadonlyMap<string, string>): boolean {
  if (!/\.(?:sh|bash)$/.test(path)) return false;
  const pattern = new RegExp(
    `(?:^|[;&|]|\\n)\\s*(?:\\.|source)\\s+[^\\n;]*${escaped(path.split('/').at(-1) ?? '')}`,
  );
  return [...judges].some(([judge, text]) => {
    const folder = judge.slice(0, judge.lastIndexOf('/') + 1);
    return folder !== '' && path.startsWith(folder) && pattern.test(text);
  });
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
const word = (text: string): RegExp => new RegExp(`(?<![\\w.-])${escaped(text)}(?![\\w-])`);
