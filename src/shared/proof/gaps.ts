import { secondOpinion } from '../goal/reviewing.ts';
import type { OpenGoal } from '../goal/state.ts';
import { exposedHomeSentence, usesUserHome } from '../goal/user-home.ts';

/** What the proof does not show, one plain sentence each. Said before anybody accepts, never folded away. */
export function knownGaps(state: OpenGoal): readonly string[] {
  const verification = state.verifications.at(-1);
  if (!verification) return ['Nothing was verified yet.'];
  const gaps: string[] = [];
  for (const section of verification.sections) {
    if (section.state === 'not_assessed')
      gaps.push(`${capital(section.name)} review: not assessed. ${section.note}`.trim());
  }
  const opinion = secondOpinion(state, verification);
  if (opinion?.type === 'not_assessed') gaps.push(`Second opinion: not assessed. ${opinion.why}`);
  if (opinion?.type === 'assessed' && opinion.partial)
    gaps.push('Second opinion: the diff was too long, only its beginning was read.');
  for (const gate of verification.gates) {
    if (!gate.parsed && gate.kind === 'check')
      gaps.push(`${gate.name} reports no single tests; only its exit code counts.`);
    if (gate.runs === 1) gaps.push(`${gate.name}: 1 run.`);
    if (gate.outcome === 'skipped') gaps.push(`${gate.name} was skipped. Not a pass.`);
  }
  for (const gate of state.oracle?.gates ?? []) {
    if (!gate.selected && (gate.kind === 'check' || gate.kind === 'golden'))
      gaps.push(`${gate.name} was switched off before the start.`);
    if (gate.selected && gate.network) gaps.push(`${gate.name} uses the network: not hermetic.`);
  }
  if (!verification.gates.some((gate) => gate.kind === 'probe')) {
    gaps.push(
      'No independent probe: code that is right only for the tests’ own inputs would not be noticed.',
    );
  }
  if (verification.isolation === 'L0' || verification.isolation === 'L1') {
    gaps.push(`Isolation ${verification.isolation}: ${verification.isolationNote}`, ...openToAgents);
    for (const { name } of state.opened.probes) gaps.push(`The probe ${name} was visible to agents.`);
    if (state.accepted?.by === 'policy')
      gaps.push('Accepted by policy, with the operator channel not isolated: --accept auto allowed it.');
  }
  const breached = [...new Set(state.projectChanges.flatMap((one) => one.breach ?? []))];
  if (breached.length > 0)
    gaps.push(
      `During an unconfined step the project’s ${breached.join(', ')} changed; whether that was put right is not checked.`,
    );
  if (usesUserHome(state.opened.agent)) gaps.push(exposedHomeSentence);
  if (verification.onlyOwnTests) gaps.push('Only tests the agent wrote went from red to green.');
  if (state.spend.unmetered)
    gaps.push('The agent did not report its token use; the number is omk’s estimate (unmetered).');
  if ((state.landed?.baseMovedBy ?? 0) > 0) {
    gaps.push(
      `Base moved by ${state.landed?.baseMovedBy} commits; the proof covers ${verification.commit.slice(0, 8)}, not a merge of it.`,
    );
  }
  for (const warning of state.base?.warnings ?? []) gaps.push(warning);
  return gaps;
}

/** What agents of the same user reach where nothing but a process group is around them. */
const openToAgents = [
  'Operator channel not isolated: an agent could have answered and accepted in the name of the user.',
  'State directory open to agents: they could have read probes and evidence in it. Changes of its log are noticed only while the host that wrote it runs.',
];

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
