import { judgeCandidate } from '../../../shared/goal/candidate.ts';
import { runsText, shellText } from '../../../shared/goal/gate-table.ts';
import { doubtedChange } from '../../../shared/goal/project-changes.ts';
import { secondOpinion } from '../../../shared/goal/reviewing.ts';
import type { SecondOpinion } from '../../../shared/goal/reviewing.ts';
import type { OpenGoal, Verification } from '../../../shared/goal/state.ts';
import { testabilityProblem } from '../../../shared/goal/testability.ts';
import type { Finding, GateSpec, Question } from '../../../shared/goal/vocabulary.ts';
import type { Ask } from '../../../shared/goal/work.ts';
import { Bug } from '../../../shared/kernel/bug.ts';
import { count, short } from '../../../shared/units.ts';
import { planQuestion } from './ask-plan.ts';

export type Asked = Omit<Question, 'digest'>;

const cancelChoice = { id: 'cancel', label: 'Cancel the goal' };
const concludeChoice = { id: 'conclude', label: 'End the goal as not ready' };
const sendBackChoice = { id: 'send_back', label: 'Send it back: leave these alone' };
const standstill = 'The goal waits. Nothing is spent while it waits.';

const goalQuestion = (asked: Omit<Asked, 'blocks' | 'costOfWaiting'>): Asked => ({
  ...asked,
  title: asked.title.slice(0, 500),
  context: asked.context.slice(0, 4_000),
  ...(asked.subject !== undefined && { subject: asked.subject.slice(0, 20_000) }),
  blocks: 'goal',
  costOfWaiting: standstill,
});

/** The words of every question omk asks by itself. An agent's text is never a title, at most a quote. */
export function questionFor(state: OpenGoal, ask: Ask): Asked {
  switch (ask.kind) {
    case 'goal.vague':
      return goalQuestion({
        kind: 'goal.vague',
        title: 'How would anybody see that this goal is done?',
        context: `${testabilityProblem(state.opened.text) ?? ''} Say what a check could see, or go on as it is.`,
        subject: state.opened.text,
        choices: [{ id: 'proceed', label: 'Go on as it is' }, cancelChoice],
        defaultChoice: null,
        allowText: true,
      });
    case 'gates.missing': {
      const others = commands(state);
      return goalQuestion({
        kind: 'gates.missing',
        title: 'Which command shows that the project works?',
        context:
          'No gate was found in this project, so nothing could ever prove the goal. Type a command as you would run it.',
        ...(others !== '' && { subject: `These run too:\n${others}` }),
        choices: [cancelChoice],
        defaultChoice: null,
        allowText: true,
      });
    }
    case 'base.dirty':
      return goalQuestion({
        kind: 'base.dirty',
        title: 'Go on from the last commit, without your uncommitted changes?',
        context: 'Tests or gates in your checkout differ from the commit this goal starts from.',
        subject: (state.base?.warnings ?? []).join('\n'),
        choices: [{ id: 'proceed', label: 'Go on from the commit' }, cancelChoice],
        defaultChoice: null,
        allowText: false,
      });
    case 'gates.trust':
      return goalQuestion({
        kind: 'gates.trust',
        title: 'May omk run these commands?',
        context:
          'They come from the project and decide whether the goal is done. Nothing of the project has run so far.',
        subject: commands(state),
        choices: [{ id: 'trust', label: 'Trust and run them' }, cancelChoice],
        defaultChoice: null,
        allowText: false,
      });
    case 'plan.approve':
      return goalQuestion(planQuestion(state));
    case 'diff.empty':
      return goalQuestion({
        kind: 'diff.empty',
        title: 'Is there anything left to do?',
        context: 'Every gate is green on base and the agent changed nothing, so nothing shows a difference.',
        choices: [{ id: 'conclude', label: 'End the goal: nothing to do' }],
        defaultChoice: null,
        allowText: true,
      });
    case 'person.needed':
      return goalQuestion({
        kind: 'person.needed',
        title: 'Try again now?',
        context: ask.failure?.message ?? 'Something outside omk has to change first.',
        choices: [{ id: 'retry', label: 'Try again' }, cancelChoice],
        defaultChoice: null,
        allowText: false,
      });
    case 'goal.impossible':
      return goalQuestion({
        kind: 'goal.impossible',
        title: 'The agent says that this cannot be done. Go on anyway?',
        context:
          'It stopped and says why below, in its own words. What it left is kept and not judged. Your own words change what is asked of the next turn.',
        subject: state.opened.text,
        ...(typeof ask.failure?.detail?.['words'] === 'string' && {
          quote: ask.failure.detail['words'].slice(0, 8_000),
        }),
        choices: [
          { id: 'proceed', label: 'Go on anyway', detail: 'The next turn is told that you want it tried.' },
          cancelChoice,
        ],
        defaultChoice: null,
        allowText: true,
      });
    case 'landing.refused':
      return goalQuestion({
        kind: 'landing.refused',
        title: 'Try to land the result again?',
        context: `${ask.failure?.message ?? 'The project refused the result.'} The proof is kept either way.`,
        choices: [{ id: 'retry', label: 'Try to land it again' }, concludeChoice],
        defaultChoice: null,
        allowText: false,
      });
    case 'project.changed':
      return {
        ...goalQuestion({
          kind: 'project.changed',
          title: 'Did you change these while an agent worked?',
          context:
            'Nothing confines this goal’s agents, so omk cannot tell who it was. None of it is in the result. If it was you, you are not asked again in this goal.',
          subject: (doubtedChange(state)?.what ?? []).join('\n'),
          choices: [
            { id: 'mine', label: 'Yes, that was me' },
            { id: 'not_mine', label: 'No: stop this try as not ready' },
          ],
          defaultChoice: null,
          allowText: false,
        }),
        blocks: 'acceptance',
        costOfWaiting: 'Work goes on. Only accepting waits.',
      };
    case 'oracle.changed':
    case 'policy.finding':
    case 'red_to_green.missing':
    case 'acceptance':
      return questionAboutResult(state, ask.kind);
    case 'gates.unreadable':
    case 'base.green':
    case 'approval':
    case 'agent.question':
      throw new Bug('This question is never due by itself.', { kind: ask.kind });
  }
}

/** Asked by the attempt that could not read them, not derived: the message is only in its report. */
export const unreadableGates = (message: string): Asked =>
  goalQuestion({
    kind: 'gates.unreadable',
    title: 'Read the gates again?',
    context: `${message} Put the file right and commit it; omk never guesses gates when some are written down.`,
    choices: [{ id: 'retry', label: 'Read them again' }, cancelChoice],
    defaultChoice: null,
    allowText: false,
  });

function questionAboutResult(
  state: OpenGoal,
  kind: 'oracle.changed' | 'policy.finding' | 'red_to_green.missing' | 'acceptance',
): Asked {
  const judged = judgeCandidate(state);
  if (judged.type !== 'asks' && judged.type !== 'passed')
    throw new Bug('A question about a result without one.');
  const { verification } = judged;
  const where = `Commit ${verification.commit}, tree ${verification.tree}`;
  switch (kind) {
    case 'oracle.changed': {
      const files = count(verification.lockedChanged.length, 'locked file');
      return goalQuestion({
        kind,
        title: `May the agent change ${files} that the result is judged by?`,
        context: verification.passed
          ? 'The result passes with the copies from base, so the change was not needed for that.'
          : 'The result does not pass with the copies from base. Approved, it is judged with the new ones.',
        subject: [
          where,
          ...verification.lockedChanged,
          ...questionFindings(verification),
          ...(verification.lockedPatch === undefined ? [] : ['', verification.lockedPatch]),
        ].join('\n'),
        choices: [{ id: 'approve', label: `Approve the change of ${files}` }, sendBackChoice, concludeChoice],
        defaultChoice: 'send_back',
        allowText: false,
      });
    }
    case 'policy.finding':
      return goalQuestion({
        kind,
        title: 'Is this all right in the result?',
        context: 'The gates pass; the diff contains what only a person may allow.',
        subject: [where, ...questionFindings(verification)].join('\n'),
        choices: [{ id: 'allow', label: 'Allow it in this result' }, sendBackChoice, concludeChoice],
        defaultChoice: 'send_back',
        allowText: false,
      });
    case 'red_to_green.missing':
      return goalQuestion({
        kind,
        title: 'How will we know that this is done?',
        context: verification.onlyOwnTests
          ? 'Only tests that the agent wrote itself went from red to green.'
          : 'No check that failed on base passes on the result: the gates cannot tell the two apart.',
        subject: where,
        choices: [
          {
            id: 'accept_risk',
            label: 'Take it as it is',
            detail: 'The proof says that nothing went from red to green.',
          },
          concludeChoice,
        ],
        defaultChoice: null,
        allowText: true,
      });
    case 'acceptance':
      return goalQuestion({
        kind,
        title: 'Accept and land this result?',
        context: [acceptanceContext(verification), opinionSentence(secondOpinion(state, verification))]
          .filter((part) => part !== '')
          .join(' '),
        subject: `${where}\nLands as a branch; your checked-out branch stays as it is.`,
        choices: [
          { id: 'accept', label: 'Accept and land' },
          {
            id: 'revise',
            label: 'Send back with comments',
            detail: 'Needs a sentence that says what to change.',
          },
          concludeChoice,
        ],
        defaultChoice: null,
        allowText: true,
      });
  }
}

function acceptanceContext({ gates, commit, redToGreenCount: fixed }: Verification): string {
  const required = gates.filter((one) => one.required);
  const passed = required.filter((one) => one.outcome === 'passed').length;
  const change =
    fixed === 0 ? 'no check went from red to green' : `${count(fixed, 'check')} went from red to green`;
  return `${passed} of ${required.length} required gates passed on ${short(commit)}, ${change}.`;
}

function opinionSentence(opinion: SecondOpinion | null): string {
  switch (opinion?.type) {
    case 'assessed':
      return `Second opinion: ${count(opinion.remarks.length, 'remark')}.`;
    case 'not_assessed':
      return 'Second opinion: not assessed.';
    case 'due':
    case undefined:
      return '';
  }
}

const questionFindings = ({ findings }: Verification): readonly string[] =>
  findings.filter((one) => one.effect === 'question').map(findingLine);

const findingLine = ({ rule, file, line, message }: Finding): string =>
  `${rule}: ${file}${line === null ? '' : `:${line}`}: ${message}`;

const commands = (state: OpenGoal): string =>
  (state.oracle?.gates ?? [])
    .filter((gate) => gate.selected)
    .map(commandLine)
    .join('\n');

function commandLine(gate: GateSpec): string {
  const where = gate.cwd === '' ? '' : `  (in ${gate.cwd})`;
  const runs = runsText(gate);
  const script = runs === null ? '' : `\n    ${runs.replaceAll('\n', '\n    ')}`;
  return `${gate.name}: ${shellText(gate.argv)}${where}${gate.network ? '  (network)' : ''}${script}`;
}
