import type { Finding } from '../../../../shared/goal/vocabulary.ts';
import type { ChangedText } from '../analyse-secrets.ts';
import { few, plural } from '../compare-gate.ts';
import { remark } from './finding.ts';

type Packages = ReadonlyMap<string, string>;

/** What the change lets in from outside: new packages by name, other sources, install scripts, licences. */
export function findDependencies(files: readonly ChangedText[]): Finding[] {
  return files.flatMap((file) => {
    const name = file.path.slice(file.path.lastIndexOf('/') + 1);
    const isTerms = /^(?:LICEN[CS]E|COPYING|NOTICE)(?:[.-]\w+)?$/i.test(name);
    const moved = files.some((one) => one.before === file.after && one.after === file.before);
    if (
      isTerms &&
      file.before !== file.after &&
      !moved &&
      !/(?:^|\/)(?:examples?|tests?|docs?)\//.test(file.path)
    )
      return [
        remark(
          'warning',
          'supply.licence',
          file.path,
          null,
          'The terms under which this project may be used change.',
        ),
      ];
    if (name === 'package-lock.json' || name === 'npm-shrinkwrap.json') return npmLock(file);
    const read = readers.find(([pattern]) => pattern.test(name))?.[1];
    return read ? manifest(file, read) : [];
  });
}

const readers: readonly (readonly [RegExp, (text: string) => Packages])[] = [
  [/^package\.json$/, npmManifest],
  [/^requirements(?:[-_.][\w.-]+)?\.txt$/, requirements],
  [/^pyproject\.toml$/, pyproject],
  [/^Cargo\.toml$/, cargo],
  [/^go\.mod$/, goModule],
];

/** A source that no registry vouches for. */
const OTHER_SOURCE =
  /^(?:git|https?|file|link|github|gitlab|bitbucket)\b.*[:@/]|^[\w.-]+\/[\w.-]+(?:#|$)|\b(?:git|path|url)\s*=|^\S+\s*@\s*(?:git\+|https?:|file:)/;

function manifest(file: ChangedText, read: (text: string) => Packages): Finding[] {
  if (file.after === '') return [];
  const was = read(file.before);
  const is = read(file.after);
  const fresh = [...is.keys()].filter((name) => !was.has(name));
  const findings: Finding[] = [];
  if (fresh.length > 0 && file.before !== '')
    findings.push(
      remark(
        'warning',
        'dependency.added',
        file.path,
        lineOf(file.after, fresh[0] ?? ''),
        `${plural(fresh.length, 'new dependency').replace(/ys$/, 'ies')}: ${few(fresh.map((name) => `${name} ${is.get(name) ?? ''}`.trim()))}.`,
      ),
    );
  const gone = [...was.keys()].filter((name) => !is.has(name));
  if (gone.length > 0)
    findings.push(
      remark('note', 'dependency.removed', file.path, null, `No longer a dependency: ${few(gone)}.`),
    );
  for (const [name, version] of is)
    if (was.get(name) !== version && OTHER_SOURCE.test(version))
      findings.push(
        remark(
          'warning',
          'supply.source',
          file.path,
          lineOf(file.after, name),
          `“${name}” comes from ${version.slice(0, 200)} instead of a registry.`,
        ),
      );
  const licence = (text: string): string => /^[ \t]*"?licen[cs]e"?\s*[:=]\s*"([^"]*)"/m.exec(text)?.[1] ?? '';
  if (file.before !== '' && licence(file.before) !== licence(file.after))
    findings.push(
      remark(
        'warning',
        'supply.licence',
        file.path,
        lineOf(file.after, licence(file.after)),
        `The licence changes from “${licence(file.before)}” to “${licence(file.after)}”.`,
      ),
    );
  return findings;
}

/** Licences that oblige whoever passes the program on. */
const COPYLEFT = /\b(?:A|L)?GPL|\bSSPL|\bEUPL|\bCC-BY-(?:NC|SA)|\bBUSL|\bUNLICENSED\b/i;

function npmLock(file: ChangedText): Finding[] {
  const was = lockEntries(file.before);
  const fresh = [...lockEntries(file.after)].filter(
    ([path, one]) => path.includes('node_modules/') && was.get(path)?.resolved !== one.resolved,
  );
  const named = (path: string): string =>
    path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const add = (rule: string, names: readonly string[], message: string): Finding[] =>
    names.length === 0
      ? []
      : [remark('warning', rule, file.path, lineOf(file.after, names[0] ?? ''), `${message} ${few(names)}.`)];
  return [
    ...add(
      'supply.install_script',
      fresh.flatMap(([path, one]) => (one.script && was.get(path)?.script !== true ? [named(path)] : [])),
      'Runs a script when it is installed:',
    ),
    ...add(
      'supply.source',
      fresh.flatMap(([path, one]) =>
        /^https:\/\/[\w.-]+\/(?:@?[\w.~-]+\/)+-\//.test(one.resolved) || one.resolved === ''
          ? []
          : [`${named(path)} (${one.resolved.slice(0, 120)})`],
      ),
      'Does not come from a registry:',
    ),
    ...add(
      'supply.licence',
      fresh.flatMap(([path, one]) =>
        COPYLEFT.test(one.licence) && was.get(path)?.licence !== one.licence
          ? [`${named(path)} (${one.licence})`]
          : [],
      ),
      'Comes with a licence that binds whoever passes it on:',
    ),
  ];
}

type LockEntry = { readonly resolved: string; readonly script: boolean; readonly licence: string };

function lockEntries(text: string): ReadonlyMap<string, LockEntry> {
  const packages = record(record(parse(text))['packages']);
  const word = (value: unknown): string => (typeof value === 'string' ? value : '');
  return new Map(
    Object.entries(packages).map(([path, value]) => {
      const one = record(value);
      return [
        path,
        {
          resolved: word(one['resolved']),
          script: one['hasInstallScript'] === true,
          licence: word(one['license']),
        },
      ];
    }),
  );
}

function npmManifest(text: string): Packages {
  const json = record(parse(text));
  return new Map(
    ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'].flatMap((group) =>
      Object.entries(record(json[group])).flatMap(([name, version]): [string, string][] =>
        typeof version === 'string' ? [[name, version]] : [],
      ),
    ),
  );
}

const requirement = (line: string): [string, string][] => {
  const [, name, version = ''] = /^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?\s*(.*)$/.exec(line.trim()) ?? [];
  return name === undefined ? [] : [[name.toLowerCase(), version.trim()]];
};

function requirements(text: string): Packages {
  return new Map(
    text
      .split('\n')
      .map((line) => line.replace(/(?:^|\s)#.*$/, ''))
      .flatMap(requirement),
  );
}

/** Line by line: good enough to name what is new, and nothing is run or decided by it. */
function pyproject(text: string): Packages {
  const found: [string, string][] = [];
  let table = '';
  let inList = false;
  for (const line of text.split('\n')) {
    table = /^\s*\[+([^\]"']+)\]+\s*$/.exec(line)?.[1]?.trim() ?? table;
    const opens = /^\s*([\w-]+)\s*=\s*\[/.exec(line);
    if (opens) inList = opens[1] === 'dependencies' || GROUPS.test(table);
    if (inList)
      for (const [, one = ''] of line.matchAll(/["']([A-Za-z][^"']*)["']/g)) found.push(...requirement(one));
    if (/\]\s*(?:#.*)?$/.test(line)) inList = false;
  }
  return new Map([
    ...found,
    ...tableEntries(text, /^tool\.poetry(?:\.group\.[\w-]+)?\.(?:dev-)?dependencies$/),
  ]);
}

const GROUPS = /^(?:project\.optional-dependencies|dependency-groups)$/;

function cargo(text: string): Packages {
  return new Map(tableEntries(text, /^(?:workspace\.|target\..+\.)?(?:dev-|build-)?dependencies$/));
}

function tableEntries(text: string, header: RegExp): [string, string][] {
  let inside = false;
  return text.split('\n').flatMap((line): [string, string][] => {
    const table = /^\s*\[+([^\]]+)\]+/.exec(line)?.[1];
    if (table !== undefined) inside = header.test(table.trim());
    const entry = /^\s*["']?([\w.-]+)["']?\s*=\s*(\S.*)$/.exec(line.trimEnd());
    return inside && entry?.[1] !== undefined
      ? [[entry[1], (entry[2] ?? '').replace(/^["']|["']$/g, '')]]
      : [];
  });
}

function goModule(text: string): Packages {
  return new Map(
    [
      ...text.matchAll(
        /^[ \t]*(?:require[ \t]+)?([\w.-]+\.[a-z]{2,}\/[\w./~-]+)\s+(v[\w.+-]+)(?!.*\/\/ indirect)/gm,
      ),
    ].map(([, name = '', version = '']) => [name, version]),
  );
}

/** Where a name stands by itself. */
function lineOf(text: string, word: string): number | null {
  const name = (word.split(' ')[0] ?? '').replace(/[^\w]/g, '\\$&');
  if (name === '') return null;
  const pattern = new RegExp(`(?:^|[\\s"'/])${name}(?:$|[\\s"'<>=~!;@[])`, 'i');
  const at = text.split('\n').findIndex((line) => pattern.test(line));
  return at < 0 ? null : at + 1;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // a gate that reads it will say that it is broken
  }
}

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
