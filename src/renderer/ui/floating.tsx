import { AlertDialog, Dialog, DropdownMenu, Tooltip } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import { t } from '../strings.ts';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';
import type { IconName } from './icon.tsx';
import { Keys } from './keys.tsx';

export const TooltipProvider = Tooltip.Provider;

export function Tip(props: {
  text: ReactNode;
  children: ReactElement;
  side?: 'top' | 'right' | 'bottom' | 'left';
}) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{props.children}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content
          className="tooltip"
          sideOffset={6}
          side={props.side ?? 'bottom'}
          collisionPadding={8}
        >
          {props.text}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}

export type MenuEntry =
  | {
      readonly label: string;
      readonly icon: IconName;
      readonly onSelect: () => void;
      readonly shortcut?: string | undefined;
      readonly disabled?: boolean;
      readonly danger?: boolean;
    }
  | 'line';

export function Menu(props: { trigger: ReactElement; entries: readonly MenuEntry[]; label: string }) {
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>{props.trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          className="menu"
          align="end"
          sideOffset={4}
          collisionPadding={8}
          aria-label={props.label}
        >
          {props.entries.map((entry, index) =>
            entry === 'line' ? (
              <DropdownMenu.Separator key={`line-${index}`} className="menu-line" />
            ) : (
              <DropdownMenu.Item
                key={entry.label}
                className="menu-item"
                disabled={entry.disabled ?? false}
                data-tone={entry.danger ? 'fail' : undefined}
                onSelect={entry.onSelect}
              >
                <Icon name={entry.icon} />
                <span className="grow">{entry.label}</span>
                {entry.shortcut && <Keys keys={entry.shortcut} />}
              </DropdownMenu.Item>
            ),
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

/** Asks before what cannot be taken back. */
export function Confirm(props: {
  open: boolean;
  title: string;
  children: ReactNode;
  action: string;
  onConfirm: () => void;
  onClose: () => void;
}) {
  return (
    <AlertDialog.Root open={props.open} onOpenChange={(open) => !open && props.onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="scrim" />
        <AlertDialog.Content className="dialog">
          <AlertDialog.Title asChild>
            <h2>{props.title}</h2>
          </AlertDialog.Title>
          <AlertDialog.Description asChild>
            <div className="dialog-text">{props.children}</div>
          </AlertDialog.Description>
          <div className="dialog-actions">
            <AlertDialog.Cancel asChild>
              <Button variant="ghost">{t.keepGoing}</Button>
            </AlertDialog.Cancel>
            <AlertDialog.Action asChild>
              <Button variant="danger-fill" onClick={props.onConfirm}>
                {props.action}
              </Button>
            </AlertDialog.Action>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}

/** A dialog with a title; `wide` is for evidence and forms. */
export function Sheet(props: {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  wide?: boolean;
  describe?: string;
  children: ReactNode;
}) {
  return (
    <Dialog.Root open={props.open} onOpenChange={(open) => !open && props.onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="scrim" />
        <Dialog.Content
          className={props.wide ? 'dialog dialog-wide' : 'dialog'}
          {...(props.describe === undefined ? { 'aria-describedby': undefined } : {})}
        >
          <div className={props.wide ? 'dialog-head' : 'row'}>
            <Dialog.Title asChild>
              <h2 className="ellipsis grow">{props.title}</h2>
            </Dialog.Title>
            <Dialog.Close asChild>
              <Button variant="ghost" small icon="cross" aria-label={t.close} />
            </Dialog.Close>
          </div>
          {props.describe !== undefined && (
            <Dialog.Description className="dialog-text">{props.describe}</Dialog.Description>
          )}
          {props.children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
