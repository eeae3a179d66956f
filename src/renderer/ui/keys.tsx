const onMac = /mac|iphone|ipad/i.test(navigator.platform);

const names: Record<string, string> = {
  mod: onMac ? '⌘' : 'Ctrl',
  shift: onMac ? '⇧' : 'Shift',
  alt: onMac ? '⌥' : 'Alt',
  enter: '↵',
  escape: 'Esc',
  arrowleft: '←',
  arrowright: '→',
  arrowup: '↑',
  arrowdown: '↓',
  space: 'Space',
  end: 'End',
};

/** `mod+enter` -> `Ctrl ↵`; `g l` -> `G L`. */
export function keysLabel(keys: string): string {
  return keys
    .split(/[+ ]/)
    .map((key) => names[key] ?? (key.length === 1 ? key.toUpperCase() : key))
    .join(' ');
}

export function Keys(props: { keys: string }) {
  return <kbd aria-hidden="true">{keysLabel(props.keys)}</kbd>;
}
