import { bytes, integer } from '../../../shared/units.ts';
import { useApp } from '../../app-context.ts';
import { t } from '../../strings.ts';
import { listeningText } from '../../ui/listening.ts';
import { Segmented } from '../../ui/choices.tsx';
import { Foreign } from '../../ui/foreign.tsx';
import { useConnection, useRemote, useUi } from '../../ui/hooks.ts';
import { AgentsSection } from './agents-section.tsx';
import { Line } from './setting-line.tsx';
import './settings.css';

/** Appearance, and what this machine has: every figure comes from the host. */
export function SettingsScreen(props: { adding: boolean }) {
  const { ui } = useApp();
  const theme = useUi((one) => one.theme);
  const contrast = useUi((one) => one.contrast);
  const density = useUi((one) => one.density);
  return (
    <div className="settings">
      <div className="settings-sheet">
        <h1>{t.settings.title}</h1>
        <h2 className="label">{t.settings.appearance}</h2>
        <Line name={t.settings.theme}>
          <Segmented
            label={t.settings.theme}
            value={theme}
            options={[
              { value: 'system', label: t.settings.system },
              { value: 'light', label: t.settings.light },
              { value: 'dark', label: t.settings.dark },
            ]}
            onChange={(value) => ui.setState({ theme: value })}
          />
        </Line>
        <Line name={t.settings.contrast}>
          <Segmented
            label={t.settings.contrast}
            value={contrast}
            options={[
              { value: 'system', label: t.settings.system },
              { value: 'more', label: t.settings.more },
            ]}
            onChange={(value) => ui.setState({ contrast: value })}
          />
        </Line>
        <Line name={t.settings.density}>
          <Segmented
            label={t.settings.density}
            value={density}
            options={[
              { value: 'compact', label: t.settings.compact },
              { value: 'regular', label: t.settings.regular },
              { value: 'roomy', label: t.settings.roomy },
            ]}
            onChange={(value) => ui.setState({ density: value })}
          />
        </Line>
        <AgentsSection adding={props.adding} />
        <Machine />
      </div>
    </div>
  );
}

function Machine() {
  const { hostVersion } = useConnection();
  const info = useRemote('info', (client, signal) => client.app.info({}, { signal }));
  const machine = info.value;
  return (
    <>
      <h2 className="label">{t.settings.doctor}</h2>
      {machine && (
        <>
          <Line name={t.settings.git}>{machine.git ?? t.settings.noGit}</Line>
          <Line name={t.settings.isolation}>
            {t.isolationLevel[machine.isolation.level]}. {machine.isolation.note}
          </Line>
          <Line name={t.settings.state}>
            <code>
              <Foreign text={machine.stateDir} />
            </code>
          </Line>
          <Line name={t.settings.disk}>
            {machine.workspaceBytes === null ? '–' : bytes(machine.workspaceBytes)}
          </Line>
          <Line name={t.settings.events}>{integer(machine.events)}</Line>
          <Line name={t.settings.listener}>{listeningText(machine)}</Line>
          <Line name={t.settings.version}>
            {machine.version}
            {hostVersion !== null && hostVersion !== machine.version && `, ${t.settings.host} ${hostVersion}`}
          </Line>
          <Line name={t.settings.node}>
            {machine.node}, {machine.platform}
          </Line>
        </>
      )}
    </>
  );
}
