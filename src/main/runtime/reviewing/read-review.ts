import { z } from 'zod';
import { Remark } from '../../../shared/goal/vocabulary.ts';
import { jsonDocuments } from '../../../shared/kernel/json-documents.ts';
import { err, ok } from '../../../shared/kernel/result.ts';
import type { Result } from '../../../shared/kernel/result.ts';

export type ReadReview = { readonly summary: string; readonly remarks: Remark[] };

const mostFindings = 50;

/** As the reviewer is asked to write it. Whatever severity it claims, an opinion is at most a warning. */
const Answer = z.object({
  summary: z.string().max(2_000).default(''),
  findings: z
    .array(
      z.object({
        section: Remark.shape.section,
        rule: Remark.shape.rule,
        severity: z
          .enum(['blocker', 'error', 'warning', 'note', 'info'])
          .transform((said) => (said === 'note' || said === 'info' ? 'note' : 'warning')),
        file: Remark.shape.file,
        line: Remark.shape.line.default(null),
        message: Remark.shape.message,
      }),
    )
    .max(mostFindings),
});

/**
 * The one review in an answer. A remark on what is not in the diff makes all of it worthless: whoever wrote it did not look at
 * this change.
 *
 * @param lines of the new file that the diff shows, per path
 */
export function readReview(
  answer: string,
  lines: ReadonlyMap<string, ReadonlySet<number>>,
): Result<ReadReview, string> {
  const documents = jsonDocuments(answer).filter((one) => Object.hasOwn(one, 'findings'));
  const [document] = documents;
  if (document === undefined) return err('There is no JSON document with "findings" in the answer.');
  if (documents.length > 1) return err('There is more than one JSON document with "findings" in the answer.');
  const parsed = Answer.safeParse(document);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return err(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
  }
  const { summary, findings } = parsed.data;
  for (const { file, line } of findings) {
    const shown = lines.get(file);
    if (shown === undefined)
      return err(`It speaks of ${JSON.stringify(file.slice(0, 200))}, which the change does not touch.`);
    if (line !== null && !shown.has(line))
      return err(
        `It speaks of line ${line} of ${JSON.stringify(file.slice(0, 200))}, which is not in the diff.`,
      );
  }
  return ok({ summary, remarks: findings });
}
