import type { Finding } from '../../../../shared/goal/vocabulary.ts';
import type { ChangedCode } from './changed-code.ts';
import { remark } from './finding.ts';
import { linesOf } from './scan.ts';
import type { Language } from './scan.ts';

type Sink = {
  readonly rule: string;
  readonly in: readonly Language[];
  /** Looked for in code without comments and without what stands in strings. */
  readonly call: RegExp;
  /** What the rest of the statement must look like, strings included; `null`: the call alone is enough. */
  readonly with: RegExp | null;
  readonly without?: RegExp;
  readonly message: string;
};

/** A string put together from parts: a template with a hole, or a literal and something else. */
const BUILT = /`[^`]*\$\{|["'`]\s*\+\s*[A-Za-z_$(]|[\w$)\]]\s*\+\s*["'`]|\bf["']|\.format\(|["']\s*%\s*[\w(]/;
const SQL =
  /["'`]\s*(?:SELECT\b[\s\S]*\bFROM|INSERT\s+INTO|UPDATE\b[\s\S]*\bSET|DELETE\s+FROM|DROP\s+TABLE|ALTER\s+TABLE)\b/i;

const sinks: readonly Sink[] = [
  {
    rule: 'sink.eval',
    in: ['js'],
    call: /(?<![\w.$])(?:eval|new\s+Function)\s*\(\s*(?!["'`][^"'`]*["'`]\s*\))/g,
    with: null,
    message: 'Text becomes code here; where it comes from decides what runs.',
  },
  {
    rule: 'sink.eval',
    in: ['py'],
    call: /(?<![\w.])(?:eval|exec)\s*\(\s*(?!["'])/g,
    with: null,
    message: 'Text becomes code here; where it comes from decides what runs.',
  },
  {
    rule: 'sink.command',
    in: ['js'],
    call: /(?<![\w.$])(?:child_process\.|cp\.)?exec(?:Sync)?\s*\(\s*(?=["'`\w])/g,
    with: /^[^;]*(?:`[^`]*\$\{|["']\s*\+\s*[A-Za-z_$(]|^\([\w$]+\s*\+)/,
    message: 'A shell command is put together from parts; give a program its arguments as a list.',
  },
  {
    rule: 'sink.command',
    in: ['js'],
    call: /\b(?:spawn|spawnSync|execFile|execFileSync)\s*\(/g,
    with: /^[^;]*\bshell\s*:\s*true/,
    message: 'A shell interprets these arguments; give a program its arguments as a list, without a shell.',
  },
  {
    rule: 'sink.command',
    in: ['py'],
    call: /\b(?:os\.(?:system|popen)|subprocess\.(?:getoutput|getstatusoutput))\s*\(\s*(?!["'][^"'{}%]*["']\s*\))/g,
    with: null,
    message: 'A shell command from text; give a program its arguments as a list.',
  },
  {
    rule: 'sink.command',
    in: ['py'],
    call: /\bsubprocess\.(?:run|call|check_call|check_output|Popen)\s*\(/g,
    with: /^[\s\S]{0,400}?\bshell\s*=\s*True/,
    message: 'A shell interprets this command; give a program its arguments as a list.',
  },
  {
    rule: 'sink.command',
    in: ['go'],
    call: /\bexec\.Command(?:Context)?\s*\(/g,
    with: /^[^\n]*"(?:ba|z|da)?sh"\s*,\s*"-c"\s*,[^\n]*(?:\+|Sprintf)/,
    message: 'A shell command is put together from parts; give a program its arguments as a list.',
  },
  {
    rule: 'sink.command',
    in: ['rs'],
    call: /\bCommand::new\s*\(/g,
    with: /^\s*"(?:ba|z|da)?sh"[\s\S]{0,200}?"-c"[\s\S]{0,200}?format!/,
    message: 'A shell command is put together from parts; give a program its arguments as a list.',
  },
  {
    rule: 'sink.html',
    in: ['js'],
    call: /\.(?:innerHTML|outerHTML)\s*\+?=(?!=)|\.insertAdjacentHTML\s*\(|\bdocument\.write(?:ln)?\s*\(|\bdangerouslySetInnerHTML\b/g,
    with: null,
    without: /^\s*(?:["'`]\s*[^"'`$]*["'`]\s*;?\s*$|["'][^"'+]*["']\s*(?:;|\)|\n))/,
    message: 'Text becomes HTML here; foreign text could bring scripts with it.',
  },
  {
    rule: 'sink.deserialise',
    in: ['py'],
    call: /\b(?:c?[pP]ickle|dill|marshal|shelve|joblib)\.(?:loads?|open)\s*\(|\bpickle\.Unpickler\s*\(/g,
    with: null,
    message: 'This format can run code when it is read; only read what this program wrote.',
  },
  {
    rule: 'sink.deserialise',
    in: ['py'],
    call: /\byaml\.(?:unsafe_load|full_load|load)(?:_all)?\s*\(/g,
    with: null,
    without: /^[\s\S]{0,200}?\bC?(?:Safe|Base)Loader\b/,
    message: 'This YAML loader can create any object; use safe_load.',
  },
  {
    rule: 'sink.sql',
    in: ['js', 'py', 'go', 'rs'],
    call: /\b(?:query|execute|executemany|executescript|raw|exec|prepare|Query(?:Row)?(?:Context)?|Exec(?:Context)?|sql_query)\s*\(\s*(?:[A-Za-z_][\w.]*\s*,\s*)?(?:f|r|fr|rf|&?format!\(|fmt\.Sprintf\()?(?=["'`])/g,
    with: SQL,
    message: 'An SQL statement is put together from parts; pass values as parameters.',
  },
  {
    rule: 'sink.tls',
    in: ['js', 'py', 'go', 'rs'],
    call: /\brejectUnauthorized\s*:\s*false\b|\bNODE_TLS_REJECT_UNAUTHORIZED\b|\bverify\s*=\s*False\b|\bcheck_hostname\s*=\s*False\b|\bssl\._create_unverified_context\b|\bCERT_NONE\b|\bInsecureSkipVerify\s*:\s*true\b|\bdanger_accept_invalid_(?:certs|hostnames)\s*\(\s*true/g,
    with: null,
    message: 'Certificates are not checked here, so anybody on the way can answer.',
  },
];

/** Calls through which foreign text can become code, commands, HTML or SQL. Warnings: a person knows where the text comes from. */
export function findSinks(files: readonly ChangedCode[]): Finding[] {
  return files.flatMap((file) => {
    const { code, text } = file.scanned;
    const lineAt = linesOf(code);
    const seen = new Set<string>();
    return sinks
      .filter((sink) => sink.in.includes(file.language))
      .flatMap((sink) =>
        [...code.matchAll(sink.call)].flatMap((match) => {
          const line = lineAt(match.index);
          if (!file.added.has(line) || seen.has(`${sink.rule} ${line}`)) return [];
          const end = match.index + match[0].length;
          const statement = text.slice(end, end + 600);
          if (sink.without?.test(statement) === true || !matches(sink, text, match, statement)) return [];
          seen.add(`${sink.rule} ${line}`);
          return [remark('warning', sink.rule, file.path, line, sink.message)];
        }),
      );
  });
}

function matches(sink: Sink, text: string, match: RegExpExecArray, statement: string): boolean {
  if (sink.with === null) return true;
  if (sink.with !== SQL) return sink.with.test(statement);
  // The statement ends with its argument: what follows is not part of the text.
  const call = text.slice(match.index, match.index + match[0].length) + statement;
  const argument = firstArgument(call);
  return SQL.test(argument) && (BUILT.test(argument) || /Sprintf\(|format!\(/.test(argument));
}

/** Up to the comma or parenthesis behind the first argument with a string in it; strings are skipped over. */
function firstArgument(call: string): string {
  let depth = 0;
  let seen = false;
  for (let at = 0; at < call.length; at += 1) {
    const character = call[at] ?? '';
    if (character === '"' || character === "'" || character === '`') {
      const end = call.indexOf(character, at + 1);
      if (end < 0) return call;
      at = end;
      seen = true;
    } else if (character === ',' && depth === 1 && seen) {
      return call.slice(0, at);
    } else if (character === '(') depth += 1;
    else if (character === ')') {
      depth -= 1;
      if (depth === 0) return call.slice(0, at);
    }
  }
  return call;
}
