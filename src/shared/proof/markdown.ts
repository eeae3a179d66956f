import { cell, code, codeCell, plain } from '../export/markdown-text.ts';
import type { Proof } from './build.ts';

/** The proof as a document for people. Every foreign word in it is escaped or quoted, so that it cannot become markup. */
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
    ...proof.reasons.map((reason) => `- ${plain(reason.message)} (${code(reason.code)})`),
    ...proof.secondary.map((reason) => `- also: ${plain(reason.message)} (${code(reason.code)})`),
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
          `| ${cell(gate.name)} | ${codeCell(gate.command_line)} | ${gate.base?.outcome ?? 'not run'} | ${gate.outcome}${counts(gate.counts)} | ${gate.runs} |`,
      ),
      '',
      `Red on base, green on the result: ${verified.red_to_green_count}.`,
      '',
      ...verified.red_to_green.map((id) => `- ${code(id)}`),
      ...(verified.findings.length > 0 ? ['', '## Findings', ''] : []),
      ...verified.findings.map(
        (one) =>
          `- ${one.severity} ${code(one.rule)} ${code(`${one.file}${one.line === null ? '' : `:${one.line}`}`)} ${plain(one.message)}`,
      ),
    );
  }
  if (proof.claims.length > 0) {
    lines.push('', '## Claims against evidence', '');
    for (const claim of proof.claims)
      lines.push(`- ${claim.verdict}: ${code(claim.said)} ${plain(claim.found)}`);
  }
  const opinion = proof.second_opinion;
  if (opinion?.status === 'assessed') {
    lines.push(
      '',
      '## Second opinion',
      '',
      `By another session of ${plain(opinion.by)}. An opinion: nothing was decided by it.${opinion.partial ? ' It saw the beginning of the diff.' : ''}`,
      '',
      ...(opinion.summary === '' ? [] : [`> ${plain(opinion.summary)}`, '']),
      ...opinion.remarks.map(
        (one) =>
          `- ${one.severity}, ${one.section} ${code(`${one.file}${one.line === null ? '' : `:${one.line}`}`)} ${plain(one.message)}`,
      ),
    );
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
    `- ${plain(proof.says)}`,
    '',
  );
  return lines.join('\n');
}

const counts = (of: { passed: number; failed: number; skipped: number } | null): string =>
  of === null ? '' : ` (${of.passed} passed, ${of.failed} failed, ${of.skipped} skipped)`;
