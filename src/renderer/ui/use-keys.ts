import { useEffect } from 'react';
import { useApp } from '../app-context.ts';
import { chordOf, createKeyReader } from '../stores/actions.ts';

/** Lets shortcuts act for the whole window. What a component takes for itself does not arrive here. */
export function useKeys(): void {
  const { actions } = useApp();
  useEffect(() => {
    const read = createKeyReader(actions, () => performance.now());
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return;
      const chord = chordOf(event);
      if (chord === null) return;
      const taken = read(chord, {
        typing: isTextField(event.target),
        modal: document.querySelector('[role=dialog], [role=alertdialog], [role=menu]') !== null,
      });
      if (taken) event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [actions]);
}

function isTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (
    target.isContentEditable ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement
  ) {
    return true;
  }
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button'].includes(target.type);
}
