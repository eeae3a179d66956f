import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { Icon } from './icon.tsx';
import type { IconName } from './icon.tsx';
import { Keys } from './keys.tsx';

type Props = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'type'> & {
  readonly variant?: 'plain' | 'primary' | 'ghost' | 'danger' | 'danger-fill';
  readonly small?: boolean;
  readonly icon?: IconName;
  /** The shortcut that does the same, such as `mod+enter`. Shown only. */
  readonly shortcut?: string | undefined;
  readonly children?: ReactNode;
  readonly ref?: Ref<HTMLButtonElement>;
  readonly submit?: boolean;
};

export function Button(props: Props) {
  const { variant = 'plain', small, icon, shortcut, children, className, submit, ...rest } = props;
  const classes = [
    'btn',
    variant !== 'plain' && `btn-${variant}`,
    small && 'btn-small',
    children === undefined && 'btn-icon',
    className,
  ];
  return (
    <button type={submit ? 'submit' : 'button'} className={classes.filter(Boolean).join(' ')} {...rest}>
      {icon && <Icon name={icon} />}
      {children}
      {shortcut && <Keys keys={shortcut} />}
    </button>
  );
}
