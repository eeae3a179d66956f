import { Checkbox, RadioGroup, Switch as RadixSwitch, ToggleGroup } from 'radix-ui';
import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';

export function Check(props: {
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
  label?: string;
  /** For a label that stands elsewhere. */
  id?: string;
  children?: ReactNode;
}) {
  const box = (
    <Checkbox.Root
      className="check"
      checked={props.checked}
      disabled={props.disabled ?? false}
      onCheckedChange={(state) => props.onChange(state === true)}
      aria-label={props.label}
      id={props.id}
    >
      <Checkbox.Indicator asChild>
        <span style={{ display: 'grid' }}>
          <Icon name="pass" small />
        </span>
      </Checkbox.Indicator>
    </Checkbox.Root>
  );
  if (props.children === undefined) return box;
  return (
    <label className="check-label">
      {box}
      {props.children}
    </label>
  );
}

/** One of a few, side by side. */
export function Segmented<V extends string>(props: {
  value: V;
  options: readonly { readonly value: V; readonly label: string; readonly disabled?: boolean }[];
  onChange: (value: V) => void;
  label: string;
  small?: boolean;
}) {
  return (
    <ToggleGroup.Root
      type="single"
      className={props.small ? 'seg seg-small' : 'seg'}
      aria-label={props.label}
      value={props.value}
      onValueChange={(value) => {
        const chosen = props.options.find((option) => option.value === value);
        if (chosen) props.onChange(chosen.value);
      }}
    >
      {props.options.map((option) => (
        <ToggleGroup.Item key={option.value} value={option.value} disabled={option.disabled ?? false}>
          {option.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}

export function Switch(props: { checked: boolean; onChange: (checked: boolean) => void; label: string }) {
  return (
    <RadixSwitch.Root
      className="switch"
      checked={props.checked}
      onCheckedChange={props.onChange}
      aria-label={props.label}
    >
      <RadixSwitch.Thumb className="switch-thumb" />
    </RadixSwitch.Root>
  );
}

export const Radios = RadioGroup.Root;

export function Radio(props: { value: string; id: string; disabled?: boolean }) {
  return (
    <RadioGroup.Item className="radio" value={props.value} id={props.id} disabled={props.disabled ?? false} />
  );
}
