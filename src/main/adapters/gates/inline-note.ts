import { plural } from '../../runtime/verification/compare-gate.ts';
import type { GateBase } from '../../runtime/verification/base-result.ts';
import { inlineTests } from '../../runtime/verification/inline-tests.ts';
import { DOC_TESTS } from './parsers/cargo-test.ts';
import type { Session } from './session.ts';

const MAX_FILES = 500;
const MAX_TEXT = 1024 * 1024;

/** What is said of a gate some of whose tests lie in product files: these ran as the change has them (decisions H10). */
export async function inlineNote(s: Session, base: GateBase): Promise<string | null> {
  const locked = new Set(s.plan.locked.map((entry) => entry.path));
  const files = new Set(base.expected.map((test) => test.file).filter((file) => !locked.has(file)));
  const inline = new Set<string>();
  for (const file of [...files].slice(0, MAX_FILES)) {
    const bytes = file === '' ? null : await s.base.read(file, MAX_TEXT);
    if (bytes === null) continue;
    if (inlineTests(file, new TextDecoder().decode(bytes), true).length > 0) inline.add(file);
  }
  const count = base.expected.filter((test) => test.file === DOC_TESTS || inline.has(test.file)).length;
  return count === 0 ? null : `Inline: not restorable (${plural(count, 'test')} in product files).`;
}
