import { abilityLines } from '../../../shared/agent-abilities.ts';
import type { AgentAbilities } from '../../../shared/agent-abilities.ts';
import { t } from '../../strings.ts';
import { Icon } from '../../ui/icon.tsx';

/** What an agent can do, cannot do, and what only a try can tell; never by colour alone. */
export function Abilities(props: { abilities: AgentAbilities }) {
  return (
    <ul className="abilities small">
      {abilityLines(props.abilities).map(({ can, text }) => (
        <li key={text} className={can === true ? 'ink-2' : 'ink-3'}>
          <Icon
            small
            name={can === null ? 'waiting' : can ? 'pass' : 'dash'}
            tone={can === true ? 'pass' : 'mute'}
          />
          <span>
            {text}
            {can === null && ` ${t.agents.untilTried}`}
          </span>
        </li>
      ))}
    </ul>
  );
}
