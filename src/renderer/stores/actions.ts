import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';

export type ActionGroup = 'goal' | 'go' | 'view';

/** Something a person can do now: in the palette, in the list of shortcuts, and by its keys. */
export type Action = {
  readonly id: string;
  readonly title: string;
  readonly group: ActionGroup;
  /** `mod+k`, `shift+f`, `?`, or a sequence such as `g l`. */
  readonly keys?: string;
  readonly run: () => void;
};

export type Actions = {
  /** By owner, in the order they were mounted; what was mounted last wins a key. */
  readonly store: StoreApi<ReadonlyMap<string, readonly Action[]>>;
  readonly register: (owner: string, actions: readonly Action[]) => () => void;
};

export function createActions(): Actions {
  const store = createStore<ReadonlyMap<string, readonly Action[]>>(() => new Map());
  return {
    store,
    register(owner, actions) {
      store.setState(new Map(store.getState()).set(owner, actions), true);
      return () => {
        if (store.getState().get(owner) !== actions) return;
        const rest = new Map(store.getState());
        rest.delete(owner);
        store.setState(rest, true);
      };
    },
  };
}

export const allActions = (byOwner: ReadonlyMap<string, readonly Action[]>): Action[] =>
  [...byOwner.values()].flat();

/** The action a key stands for, the newest owner first. */
export const actionFor = (byOwner: ReadonlyMap<string, readonly Action[]>, keys: string): Action | null =>
  allActions(byOwner).findLast((action) => action.keys === keys) ?? null;

/** What was pressed, spelt as `Action.keys` spells it; `null` for a modifier alone. */
export function chordOf(press: {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}): string | null {
  const key = press.key === ' ' ? 'space' : press.key.toLowerCase();
  if (['control', 'meta', 'shift', 'alt', 'dead', 'process', 'unidentified'].includes(key)) return null;
  // The shift that types `?` is part of the character, the one held with a letter or an arrow is not.
  const letter = key.length > 1 || key.toUpperCase() !== key;
  const parts = [
    (press.ctrlKey || press.metaKey) && 'mod',
    press.altKey && 'alt',
    press.shiftKey && letter && 'shift',
    key,
  ];
  return parts.filter(Boolean).join('+');
}

const SEQUENCE_MS = 1_000;

/**
 * Turns presses into actions. `typing`: in a text field, where only chords with a modifier and Escape act. `modal`: a dialog
 * is open, where nothing of the page behind it acts. Returns whether the press was taken.
 */
export function createKeyReader(actions: Actions, now: () => number) {
  let first: { key: string; at: number } | null = null;
  return (chord: string, where: { readonly typing: boolean; readonly modal: boolean }): boolean => {
    if (where.modal) return false;
    if (where.typing && !chord.startsWith('mod+') && !chord.startsWith('alt+')) return false;
    const byOwner = actions.store.getState();
    const before = first !== null && now() - first.at <= SEQUENCE_MS ? first.key : null;
    first = null;
    const action =
      (before === null ? null : actionFor(byOwner, `${before} ${chord}`)) ?? actionFor(byOwner, chord);
    if (action) {
      action.run();
      return true;
    }
    if (allActions(byOwner).some((one) => one.keys?.startsWith(`${chord} `))) {
      first = { key: chord, at: now() };
      return true;
    }
    return false;
  };
}
