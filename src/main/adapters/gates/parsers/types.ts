import type { Result } from '../../../../shared/kernel/result.ts';
import type { FileError, RawTest } from '../../../runtime/verification/test-report.ts';

/** What a report says before tests get their ids. */
export type RawReport = { readonly tests: readonly RawTest[]; readonly fileErrors: readonly FileError[] };

/** The error is one sentence: why these bytes are no report. */
export type ParsedReport = Result<RawReport, string>;
