import type { Finding } from '../../../../shared/goal/vocabulary.ts';
import type { ChangedCode } from './changed-code.ts';
import { remark } from './finding.ts';
import type { Language } from './scan.ts';

/** Places whose output is their purpose: a print there is no left-over. */
const TALKING_PATH =
  /(?:^|\/)(?:scripts?|bin|tools?|tooling|examples?|samples?|demos?|docs?|benchmarks?|cli|cmd|commands?)(?:\/|\.\w+$)|(?:^|\/)(?:__main__|main|cli|manage|setup|build|gulpfile|webpack\.config)\.\w+$/i;

const STOPPING: Readonly<Record<Language, RegExp>> = {
  js: /(?<![\w.$])debugger\s*(?:;|$)/,
  py: /(?<![\w.])(?:breakpoint\s*\(\s*\)|i?pdb\.set_trace\s*\()/,
  go: /\bruntime\.Breakpoint\s*\(/,
  rs: /(?<!\w)dbg!\s*[([{]/,
};
const PRINTING: Readonly<Record<Language, RegExp | null>> = {
  js: /(?<![\w.$])console\.(?:log|debug|trace|dir|table)\s*\(/,
  py: /(?<![\w.])print\s*\((?!.*\bfile\s*=)/,
  go: /(?<![\w.])(?:fmt\.Print(?:ln|f)?|println|print)\s*\(|\bspew\.Dump\s*\(/,
  rs: null,
};

/** Left-overs of work: stops for a debugger, prints where nothing printed before, code in comments, reminders. */
export function findLeftovers(files: readonly ChangedCode[]): Finding[] {
  return files.flatMap((file) => [...debugging(file), ...commentedOut(file), ...reminders(file)]);
}

function debugging(file: ChangedCode): Finding[] {
  const prints = PRINTING[file.language];
  // A file that printed before, or is a program, prints on purpose.
  const mayPrint =
    prints === null ||
    TALKING_PATH.test(file.path) ||
    prints.test(file.before) ||
    /^#!|__name__\s*==|^package main\b|\bprocess\.argv\b/m.test(file.after);
  return file.lines.code.flatMap((code, index) => {
    const line = index + 1;
    if (!file.added.has(line)) return [];
    if (STOPPING[file.language].test(code))
      return [remark('warning', 'slop.debug', file.path, line, 'A stop or print for debugging was left in.')];
    if (!mayPrint && prints.test(code))
      return [
        remark('warning', 'slop.debug', file.path, line, 'Prints where this file printed nothing before.'),
      ];
    return [];
  });
}

const CODE_LINE: Readonly<Record<Language, RegExp>> = {
  js: /^(?:(?:const|let|var)\s+[\w{[].*=|(?:if|for|while|switch)\s*\(.*\)\s*\{?$|return\b.*;$|(?:export|import)\s.*(?:;|\{)$|[\w.$]+\(.*\);$|[\w.$[\]]+\s*=\s*[^=].*;$|\}\s*(?:else\b.*\{)?[;,)]*$|(?:async\s+)?function\b.*\{$)/,
  py: /^(?:(?:def|class)\s+\w+.*:$|(?:if|elif|for|while|with|except)\b.*:$|(?:else|try|finally):$|return\b\s+[\w.([{"'].*[\])}"'\w]$|(?:from\s+\S+\s+)?import\s+\w[\w., ]*$|[\w.]+\s*=\s*[^=\s].*[\])}"'\w]$|[\w.]+\([^)]*\)$)/,
  go: /^(?:func\b.*\{$|(?:if|for|switch)\b.*\{$|return\s+[\w&*"].*$|[\w., ]+\s*:?=\s*[\w&*"[].*\)$|\}\s*(?:else\b.*\{)?$|[\w.]+\([^)]*\)$)/,
  rs: /^(?:(?:pub\s+)?(?:fn|struct|enum|impl|mod)\b.*\{$|let\s+(?:mut\s+)?\w+.*=.*;$|(?:if|for|while|match)\b.*\{$|return\b.*;$|use\s+[\w:]+.*;$|\}\s*(?:else\b.*\{)?[;,)]*$|[\w.:!]+\(.*\)\??;$)/,
};

/** Three lines of code in comments in a row, or two that leave no doubt; examples in documentation are wanted. */
function commentedOut(file: ChangedCode): Finding[] {
  const findings: Finding[] = [];
  let run: { first: number; last: number; strong: number; all: number } | null = null;
  const close = (): void => {
    if (run !== null && run.all >= 2 && run.strong >= 2 && run.strong >= run.all * 0.6)
      findings.push(
        remark('warning', 'slop.commented_code', file.path, run.first, 'Code was left in a comment.'),
      );
    run = null;
  };
  for (const { line, text, doc } of file.scanned.comments) {
    if (doc || !file.added.has(line) || (file.lines.code[line - 1] ?? '').trim() !== '') continue;
    const body = text
      .replace(/^\s*(?:\/\/|\/\*|\*\/?|#)\s?/, '')
      .replace(/\*\/\s*$/, '')
      .trim();
    if (run === null || line !== run.last + 1) {
      close();
      run = { first: line, last: line, strong: 0, all: 0 };
    }
    run.last = line;
    if (body === '') continue;
    run.all += 1;
    if (CODE_LINE[file.language].test(body)) run.strong += 1;
  }
  close();
  return findings;
}

function reminders(file: ChangedCode): Finding[] {
  return file.scanned.comments.flatMap(({ line, text }) =>
    file.added.has(line) && /(?:^|[^\w])(?:TODO|FIXME|HACK|XXX)\b/.test(text)
      ? [remark('note', 'slop.todo', file.path, line, 'A reminder of work that is still to do.')]
      : [],
  );
}
