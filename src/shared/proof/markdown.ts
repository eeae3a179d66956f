import type { Proof } from './build.ts';

/** The proof as a document for people. Foreign text goes into code spans or quotes, so that it cannot become markup. */
export function proofMarkdown(proof: Proof): string {
  const { verified } = proof;
  const lines = [
    `# ${plain(proof.summary)}`,
    '',
    `**${proof.status}** ${plain(proof.readiness)}`,
    '',
    `Goal ${proof.goal_id}`,
    '',
    '## Because',
    '',
    ...proof.reasons.map((reason) => `- ${plain(reason.message)} (\`${reason.code}\`)`),
    ...proof.secondary.map((reason) => `- also: ${plain(reason.message)} (\`${reason.code}\`)`),
  ];
  if (verified) {
    lines.push(
      '',
      '## Gates',
      '',
      '| Gate | Command | Base | Result | Runs |',
      '|---|---|---|---|---|',
      ...verified.gates.map(
        (gate) =>
          `| ${cell(gate.name)} | ${code(gate.command_line)} | ${gate.base?.outcome ?? 'not run'} | ${gate.outcome}${counts(gate.counts)} | ${gate.runs} |`,
      ),
      '',
      `Red on base, green on the result: ${verified.red_to_green_count}.`,
      ...verified.red_to_green.map((id) => `- ${code(id)}`),
      ...(verified.findings.length > 0 ? ['', '## Findings', ''] : []),
      ...verified.findings.map(
        (one) =>
          `- ${one.severity} \`${one.rule}\` ${code(`${one.file}${one.line === null ? '' : `:${one.line}`}`)} ${plain(one.message)}`,
      ),
    );
  }
  if (proof.claims.length > 0) {
    lines.push('', '## Claims against evidence', '');
    for (const claim of proof.claims)
      lines.push(`- ${claim.verdict}: ${code(claim.said)} ${plain(claim.found)}`);
  }
  lines.push('', '## Known gaps', '', ...proof.known_gaps.map((gap) => `- ${plain(gap)}`));
  lines.push(
    '',
    '## Digests',
    '',
    `- Base ${code(verified?.base.commit ?? '')} tree ${code(verified?.base.tree ?? '')}`,
    `- Result ${code(verified?.result.commit ?? '')} tree ${code(verified?.result.tree ?? '')}`,
    `- Oracle ${code(verified?.oracle.digest ?? '')}`,
    `- Isolation ${verified?.isolation.level ?? ''}: ${plain(verified?.isolation.note ?? '')}`,
    `- Log ${proof.log.events} events, last ${code(proof.log.last_hash ?? '')}`,
    `- ${proof.says}`,
    '',
  );
  return lines.join('\n');
}

const counts = (of: { passed: number; failed: number; skipped: number } | null): string =>
  of === null ? '' : ` (${of.passed} passed, ${of.failed} failed, ${of.skipped} skipped)`;

/** One line; characters with a meaning in Markdown or HTML are escaped. */
const plain = (text: string): string =>
  text.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>#|~]/g, (char) => `\\${char}`);

/** A code span that its content cannot end. */
function code(text: string): string {
  const flat = text.replace(/\s+/g, ' ').replaceAll('|', '\\|');
  const longest = Math.max(0, ...[...flat.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${flat}${fence}` : `${fence} ${flat} ${fence}`;
}
const cell = (text: string): string => plain(text);
