import { canonicalJson } from '../kernel/json.ts';
import type { Proof } from './build.ts';

const STATEMENT = 'https://in-toto.io/Statement/v1';
const TEST_RESULT = 'https://in-toto.io/attestation/test-result/v0.1';
const VERDICT = 'urn:omk:verdict:v1';

/**
 * The proof as in-toto statements, one JSON object a line: a test-result predicate for each gate, then the verdict. Their subject is
 * the verified commit and its tree. Unsigned: they say what was found, not who vouches for it.
 */
export function proofStatements(proof: Proof): string {
  const { verified } = proof;
  if (!verified) return '';
  const subject = [
    { name: 'commit', digest: { gitCommit: verified.result.commit } },
    { name: 'tree', digest: { gitTree: verified.result.tree } },
  ];
  const oracle = { name: 'oracle', digest: { sha256: verified.oracle.digest } };
  const gates = verified.gates.map((gate) => ({
    _type: STATEMENT,
    subject,
    predicateType: TEST_RESULT,
    predicate: {
      result: gate.passed ? 'PASSED' : gate.required ? 'FAILED' : 'WARNED',
      configuration: [
        { ...oracle, name: gate.name, annotations: { argv: gate.argv, cwd: gate.cwd, runs: gate.runs } },
      ],
      ...(gate.failed_tests.length > 0 ? { failedTests: gate.failed_tests } : {}),
    },
  }));
  const verdict = {
    _type: STATEMENT,
    subject,
    predicateType: VERDICT,
    predicate: {
      goal: proof.goal_id,
      status: proof.status,
      reasons: proof.reasons,
      base: verified.base,
      oracle,
      isolation: verified.isolation.level,
      redToGreen: verified.red_to_green_count,
      onlyOwnTests: verified.only_own_tests,
      review: verified.review_artifacts.map(({ pass, status }) => ({ pass, status })),
      toolVersions: verified.tool_versions,
      claims: proof.claims.map(({ said, verdict }) => ({ said, verdict })),
      knownGaps: proof.known_gaps,
      log: proof.log,
    },
  };
  return [...gates, verdict].map((one) => `${canonicalJson(one)}\n`).join('');
}
