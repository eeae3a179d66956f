import type { Question } from '../../shared/goal/vocabulary.ts';
import type { Digest, GoalId, QuestionId } from '../../shared/kernel/ids.ts';
import { QuestionId as QuestionIdSchema } from '../../shared/kernel/ids.ts';
import { canonicalJson } from '../../shared/kernel/json.ts';
import type { Engine } from './engine.ts';
import type { Answer } from './performer.ts';
import type { Ids } from './ports.ts';

type Asked = Omit<Question, 'digest'>;

/**
 * Records a question of a live attempt and resolves with its answer; with `null` when it was refused,
 * withdrawn or aborted.
 */
export function askPerson(
  deps: { readonly engine: Engine; readonly ids: Ids; readonly digest: (text: string) => Digest },
  o: {
    readonly goalId: GoalId;
    readonly asked: Asked;
    readonly abort: AbortSignal;
    /** Records on behalf of the agent; `false`: the question was refused. */
    readonly record: (questionId: QuestionId, question: Question) => boolean;
    /** The attempt waits from now on until the returned function is called. */
    readonly waiting: () => () => void;
  },
): Promise<Answer | null> {
  const { engine, ids } = deps;
  const questionId = QuestionIdSchema.parse(`question-${ids.uuid()}`);
  if (!o.record(questionId, { ...o.asked, digest: deps.digest(canonicalJson(o.asked)) }))
    return Promise.resolve(null);
  const putDown = o.waiting();
  return new Promise<Answer | null>((resolve) => {
    const finish = (answer: Answer | null): void => {
      unsubscribe();
      o.abort.removeEventListener('abort', onAbort);
      putDown();
      resolve(answer);
    };
    const onAbort = (): void => finish(null);
    const look = (): void => {
      const state = questionState(engine, o.goalId, questionId);
      if (state.type === 'answered') finish({ choice: state.choice, text: state.text });
      if (state.type === 'withdrawn') finish(null);
    };
    const unsubscribe = engine.onCommit((id) => {
      if (id === o.goalId) look();
    });
    o.abort.addEventListener('abort', onAbort, { once: true });
    if (o.abort.aborted) finish(null);
  });
}

function questionState(engine: Engine, goalId: GoalId, questionId: QuestionId) {
  const state = engine.state(goalId);
  const asked = state.exists ? state.questions.find((one) => one.questionId === questionId) : undefined;
  return asked?.state ?? { type: 'withdrawn' as const };
}
