import { z } from 'zod';
import { noteLimits } from '../../shared/goal/notes.ts';
import type { Remark } from '../../shared/goal/vocabulary.ts';
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';

export const LineComment = z.object({
  file: z.string(),
  line: z.number().int().min(1),
  side: z.enum(['old', 'new']),
  text: z.string().max(4_000),
});
export type LineComment = z.infer<typeof LineComment>;

/** What a person chose or began to write. None of it is known to the host. */
const Ui = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  contrast: z.enum(['system', 'more']),
  density: z.enum(['compact', 'regular', 'roomy']),
  sidebar: z.boolean(),
  needs: z.boolean(),
  listBy: z.enum(['need', 'project']),
  diffStyle: z.enum(['auto', 'split', 'unified']),
  /** Goal text begun in the form, kept until the goal starts. */
  draftText: z.string().max(1_100_000),
  /** Goal id -> path -> blob that was looked at: a changed file is unseen again. */
  viewed: z.record(z.string(), z.record(z.string(), z.string())),
  /** Goal id -> comments not sent yet. */
  comments: z.record(z.string(), z.array(LineComment).max(500)),
  /** Goal id -> note to its agent, begun and not sent yet. */
  notes: z.record(z.string(), z.string().max(noteLimits.characters)),
});
export type Ui = z.infer<typeof Ui>;

export const defaultUi: Ui = {
  theme: 'system',
  contrast: 'system',
  density: 'regular',
  sidebar: true,
  needs: true,
  listBy: 'need',
  diffStyle: 'auto',
  draftText: '',
  viewed: {},
  comments: {},
  notes: {},
};

/** Changes when a stored value would be read wrongly; an old one is then forgotten, not guessed at. */
const KEY = 'omk.ui.v1';

export type UiStore = StoreApi<Ui>;

/** The store, filled from `storage` and written back on every change. Storage that refuses costs only the memory. */
export function createUi(storage: Pick<Storage, 'getItem' | 'setItem'> | null): UiStore {
  const store = createStore<Ui>(() => read(storage));
  store.subscribe((ui) => {
    try {
      storage?.setItem(KEY, JSON.stringify(ui));
    } catch {
      // Full or forbidden storage: the choice holds until the window closes.
    }
  });
  return store;
}

function read(storage: Pick<Storage, 'getItem'> | null): Ui {
  try {
    const text = storage?.getItem(KEY);
    if (!text) return defaultUi;
    // Key by key, so that one bad value does not cost the others.
    const stored: unknown = JSON.parse(text);
    if (typeof stored !== 'object' || stored === null) return defaultUi;
    const known = Object.entries(Ui.shape).flatMap(([key, schema]) => {
      const value = schema.safeParse((stored as Record<string, unknown>)[key]);
      return value.success ? [[key, value.data] as const] : [];
    });
    return { ...defaultUi, ...Object.fromEntries(known) };
  } catch {
    return defaultUi;
  }
}

/** Remembers, or forgets, that a person has looked at this very content of a file. */
export function setViewed(store: UiStore, goalId: string, path: string, blob: string, viewed: boolean): void {
  const { [path]: _before, ...others } = store.getState().viewed[goalId] ?? {};
  const files = viewed ? { ...others, [path]: blob } : others;
  store.setState({ viewed: { ...store.getState().viewed, [goalId]: files } });
}

export const isViewed = (ui: Ui, goalId: string, path: string, blob: string): boolean =>
  ui.viewed[goalId]?.[path] === blob;

const none: readonly LineComment[] = [];
export const commentsOf = (ui: Ui, goalId: string): readonly LineComment[] => ui.comments[goalId] ?? none;

const samePlace = (a: LineComment, b: LineComment): boolean =>
  a.file === b.file && a.line === b.line && a.side === b.side;

/** Writes a comment at its place, replacing the one there; empty text removes it. */
export function setComment(store: UiStore, goalId: string, comment: LineComment): void {
  const others = commentsOf(store.getState(), goalId).filter((one) => !samePlace(one, comment));
  const next = comment.text.trim() === '' ? others : [...others, comment];
  store.setState({ comments: { ...store.getState().comments, [goalId]: next } });
}

/** A remark becomes a comment of the person's on its line, beside what is written there already. */
export function commentRemark(store: UiStore, goalId: string, remark: Remark): void {
  const { file, line, message } = remark;
  if (line === null) return;
  const there = commentsOf(store.getState(), goalId).find(
    (one) => one.file === file && one.line === line && one.side === 'new',
  );
  if (there?.text.includes(message)) return;
  const text = there ? `${there.text}\n${message}` : message;
  setComment(store, goalId, { file, line, side: 'new', text });
}

/** Keeps a note that is being written; empty text forgets it. */
export function setNote(store: UiStore, goalId: string, text: string): void {
  const { [goalId]: _before, ...others } = store.getState().notes;
  store.setState({ notes: text === '' ? others : { ...others, [goalId]: text } });
}

/** Forgets the comments of a goal once they were sent. */
export function clearComments(store: UiStore, goalId: string): void {
  const { [goalId]: _sent, ...rest } = store.getState().comments;
  store.setState({ comments: rest });
}
