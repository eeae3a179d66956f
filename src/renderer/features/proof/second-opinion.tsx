import type { ProofView } from '../../../shared/goal/proof-view.ts';
import type { Remark } from '../../../shared/goal/vocabulary.ts';
import { useApp } from '../../app-context.ts';
import { commentRemark } from '../../stores/ui.ts';
import { t } from '../../strings.ts';
import { Button } from '../../ui/button.tsx';
import { Foreign, ForeignProse } from '../../ui/foreign.tsx';
import type { GoalView } from '../../ui/goal-view.ts';
import { Icon } from '../../ui/icon.tsx';

/** What another session thought of the result, marked as an opinion, with the way to send it back to the agent. */
export function SecondOpinion(props: { view: GoalView; proof: ProofView; onReject: () => void }) {
  const { view, proof, onReject } = props;
  const { opinion } = proof;
  const { ui } = useApp();
  if (opinion === null) return null;
  if (opinion.type === 'not_assessed') {
    return (
      <>
        <h3 className="label">{t.proof.opinion}</h3>
        <p className="small ink-2">
          {t.proof.opinionMissing} <ForeignProse text={opinion.why} />
        </p>
      </>
    );
  }
  const { remarks, summary } = opinion;
  const { goalId } = view.state;
  const sendBack = (): void => {
    for (const remark of remarks) commentRemark(ui, goalId, remark);
    onReject();
  };
  const decided = view.frozen || view.state.accepted !== null || view.state.concluded !== null;
  return (
    <>
      <h3 className="label">{t.proof.opinion}</h3>
      <p className="hint">{t.proof.opinionHint(view.state.opened.agent.name)}</p>
      {summary !== '' && (
        <blockquote className="proof-words small">
          <ForeignProse text={summary} />
        </blockquote>
      )}
      <ul className="opinion small">
        {remarks.map((remark) => (
          <li key={`${remark.file} ${remark.line} ${remark.message}`}>
            <Icon
              name={remark.severity === 'warning' ? 'warn' : 'chat'}
              tone={remark.severity === 'warning' ? 'warn' : 'mute'}
            />
            <div>
              <ForeignProse text={remark.message} />
              <div className="tiny ink-3 mono">
                <Foreign text={placeOf(remark)} /> {remark.section}
              </div>
            </div>
          </li>
        ))}
      </ul>
      {remarks.some((one) => one.line !== null) && !decided && (
        <Button small onClick={sendBack}>
          {t.proof.opinionSend}
        </Button>
      )}
    </>
  );
}

const placeOf = ({ file, line }: Remark): string => `${file}${line === null ? '' : `:${line}`}`;
